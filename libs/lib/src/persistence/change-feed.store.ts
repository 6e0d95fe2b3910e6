import { Inject, Injectable } from "@nestjs/common";
import type { Pool } from "pg";
import { STRATUM_OPTIONS, type StratumOptions } from "../stratum-options";
import { COLUMN_TYPES } from "./column-types";

/** What committed since a snapshot, and the snapshot to go on from. */
export interface FeedPage {
  readonly snapshot: string;
  readonly tenant_ids: readonly (string | null)[];
}

/** Events beyond these are not fetched: the reader forgets its whole cache instead. */
export const MAX_FEED_EVENTS = 10_000;

/**
 * Reads the events that an earlier snapshot could not see. A watermark on ids or times would miss
 * what commits late, or stall on any open transaction of the server; a snapshot does neither.
 */
@Injectable()
export class ChangeFeedStore {
  readonly #pool: Pool;

  constructor(@Inject(STRATUM_OPTIONS) options: StratumOptions) {
    this.#pool = options.pool;
  }

  async currentSnapshot(): Promise<string> {
    const { rows } = await this.#pool.query<{ snapshot: string }>(
      "select pg_current_snapshot()::text as snapshot",
    );
    return (rows[0] as { snapshot: string }).snapshot;
  }

  async since(snapshot: string): Promise<FeedPage> {
    const { rows } = await this.#pool.query<{ snapshot: string; tenant_ids: string }>({
      text: `
        select pg_current_snapshot()::text as snapshot,
               coalesce((select json_agg(tenant_id) from (
                 select tenant_id from stratum.webhook_events
                 where tx >= pg_snapshot_xmin($1::pg_snapshot)
                   and not pg_visible_in_snapshot(tx, $1::pg_snapshot)
                 limit $2) as unseen), '[]') as tenant_ids`,
      values: [snapshot, MAX_FEED_EVENTS + 1],
      types: COLUMN_TYPES,
    });
    return rows[0] as unknown as FeedPage;
  }
}
