import { Inject, Injectable } from "@nestjs/common";
import { STRATUM_OPTIONS, type StratumOptions } from "../stratum-options";
import { EVENT_TYPES, type EventTypes } from "./event-types";
import { statement } from "./sql";

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
  /** Types of events that change nothing which caches hold. */
  readonly #uncached: readonly string[];

  constructor(
    @Inject(STRATUM_OPTIONS) private readonly options: StratumOptions,
    @Inject(EVENT_TYPES) types: EventTypes,
  ) {
    this.#uncached = Object.keys(types).filter((type) => types[type] === "nothing");
  }

  async currentSnapshot(): Promise<string> {
    const [row] = await this.query<{ snapshot: string }>(
      "select pg_current_snapshot()::text as snapshot",
      [],
    );
    return row.snapshot;
  }

  async since(snapshot: string): Promise<FeedPage> {
    const [page] = await this.query<FeedPage>(
      `select pg_current_snapshot()::text as snapshot,
              coalesce((select json_agg(tenant_id) from (
                select tenant_id from stratum.webhook_events
                where tx >= pg_snapshot_xmin($1::pg_snapshot)
                  and not pg_visible_in_snapshot(tx, $1::pg_snapshot)
                  and type <> all($3::text[])
                limit $2) as unseen), '[]') as tenant_ids`,
      [snapshot, MAX_FEED_EVENTS + 1, this.#uncached],
    );
    return page;
  }

  private async query<Row>(text: string, values: readonly unknown[]): Promise<[Row]> {
    const { pool, preparedStatements = "auto" } = this.options;
    const { rows } = await pool.query(statement(text, values, preparedStatements));
    return rows as [Row];
  }
}
