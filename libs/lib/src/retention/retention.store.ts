import { Injectable } from "@nestjs/common";
import { subtreeUpperBound, type TenantPath } from "@stratum-hq/core";
import type { ErasedAuditRows } from "../audit/audit-erasure.store";
import { Database } from "../persistence/database";
import { leastRowId } from "../persistence/row-ids";
import type { Transaction } from "../persistence/transaction";
import type { RetainedTenant, RetentionLevel } from "./retention-plan";

/** Orphans of one statement at most: logs of tenants that are gone. */
const MAX_ORPHANS = 1000;

/** SQL: whether table `t` of tenants, or one above it, is on legal hold. */
const HELD = `exists (
  select from stratum.tenants as above
  where above.id = any(string_to_array(t.path::text, '.')::uuid[]) and above.legal_hold)`;

/** The statements of retention. */
@Injectable()
export class RetentionStore {
  constructor(private readonly database: Database) {}

  /**
   * Tenants in the order of their paths.
   *
   * @param within the path of a tenant whose subtree to take; null for all
   * @param after the last path seen; null to begin
   */
  async page(
    within: TenantPath | null,
    after: TenantPath | null,
    limit: number,
  ): Promise<RetainedTenant[]> {
    const { operator } = this.database.ltree;
    const [from, to] = within === null ? ["", "z"] : [within, subtreeUpperBound(within)];
    return this.database.query<RetainedTenant>(
      `select id, path from stratum.tenants
       where path ${operator(after === null ? ">=" : ">")} $1 and path ${operator("<")} $2
       order by path limit $3`,
      [after ?? from, to, limit],
    );
  }

  /** What the tenants of the ids say about retention under the key. */
  async levels(ids: readonly string[], key: string): Promise<Map<string, RetentionLevel>> {
    const rows = await this.database.query<RetentionLevel>(
      `select t.id as tenant_id, t.slug, t.status = 'archived' as archived, t.legal_hold as held,
              coalesce((select json_agg(json_build_object(
                'key', e.key, 'value', e.value, 'locked', e.locked, 'sensitive', e.sensitive))
                from stratum.config_entries as e
                where e.tenant_id = t.id and e.key = $2), '[]') as entries
       from stratum.tenants as t where t.id = any($1::uuid[])`,
      [ids, key],
    );
    return new Map(rows.map((level) => [level.tenant_id, level]));
  }

  /**
   * Those of the tenants whose records may go, kept as they are until the transaction ends: neither on
   * legal hold nor being purged.
   */
  async lock(tx: Transaction, ids: readonly string[]): Promise<string[]> {
    await tx.query("select from stratum.tenants where id = any($1::uuid[]) order by id for share", [
      ids,
    ]);
    // In a statement of its own: the one that waits for a lock sees what was there before it waited.
    const rows = await tx.query<{ id: string }>(
      `select t.id from stratum.tenants as t
       where t.id = any($1::uuid[]) and t.status <> 'purging' and not ${HELD}`,
      [ids],
    );
    return rows.map(({ id }) => id);
  }

  /** Deletes the oldest of the tenants' events of before a time, so many at most. */
  async deleteEvents(
    tx: Transaction,
    ids: readonly string[],
    before: string,
    limit: number,
  ): Promise<ErasedAuditRows[]> {
    return tx.query<ErasedAuditRows>(
      `with old as (
         select id from stratum.webhook_events
         where tenant_id = any($1::uuid[]) and id < $2::uuid order by tenant_id, id limit $3),
       gone as (
         delete from stratum.webhook_events where id in (select id from old) returning tenant_id)
       select tenant_id, count(*)::int as deleted from gone group by tenant_id`,
      [ids, leastRowId(before), limit],
    );
  }

  /** The same of events of the platform, and of tenants that are gone. */
  async deleteOtherEvents(tx: Transaction, before: string, limit: number): Promise<number> {
    const rows = await tx.query<{ deleted: number }>(
      `with old as (
         select e.id from stratum.webhook_events as e
         where e.id < $1::uuid
           and not exists (select from stratum.tenants as t where t.id = e.tenant_id)
         order by e.id limit $2),
       gone as (delete from stratum.webhook_events where id in (select id from old) returning 1)
       select count(*)::int as deleted from gone`,
      [leastRowId(before), limit],
    );
    return rows[0]?.deleted ?? 0;
  }

  /** Tenants that are gone and have rows in the audit log of before a time. */
  async orphans(tx: Transaction, before: string): Promise<string[]> {
    // Goes from one tenant to the next in the index, rather than through all rows.
    const rows = await tx.query<{ tenant_id: string }>(
      `with recursive logged as (
         (select tenant_id from stratum.audit_logs where tenant_id is not null
          order by tenant_id limit 1)
         union all
         select (select a.tenant_id from stratum.audit_logs as a
                 where a.tenant_id > logged.tenant_id order by a.tenant_id limit 1)
         from logged where logged.tenant_id is not null)
       select tenant_id from logged
       where tenant_id is not null
         and not exists (select from stratum.tenants as t where t.id = logged.tenant_id)
         and exists (select from stratum.audit_logs as a
                     where a.tenant_id = logged.tenant_id and a.id < $1::uuid)
       limit ${MAX_ORPHANS}`,
      [leastRowId(before)],
    );
    return rows.map(({ tenant_id }) => tenant_id);
  }
}
