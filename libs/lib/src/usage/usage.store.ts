import { Injectable } from "@nestjs/common";
import {
  MAX_UNPAGED_RESULTS,
  subtreeUpperBound,
  type TenantPath,
  type TenantStatus,
  type UsageEvent,
  type UsageTotal,
} from "@stratum-hq/core";
import { Database } from "../persistence/database";
import type { Sql } from "../persistence/sql";

/** An event as it is recorded; the database adds the time, where it is not given. */
export type NewUsageEvent = Omit<UsageEvent, "occurred_at" | "recorded_at"> & {
  readonly occurred_at: string | null;
};

/** What came of recording an event. */
export interface UsageInsertion {
  /** The tenant; its status is what the decision was made by. */
  readonly path: TenantPath;
  readonly status: TenantStatus;
  /** Null where nothing was recorded: it is shut, not the caller's, or has an event of that key. */
  readonly event: UsageEvent | null;
}

/** Which events are added up. */
export interface UsageFilters {
  readonly metric: string | undefined;
  /** Inclusive, and exclusive; null for no bound. */
  readonly from: string | null;
  readonly to: string | null;
}

/** `numeric` comes as text, since a double may not hold it. */
type EventRow = Omit<UsageEvent, "quantity"> & { readonly quantity: string };
type InsertionRow = Omit<UsageInsertion, "event"> &
  (EventRow | { readonly [Column in keyof EventRow]: null });

const COLUMNS =
  "id, tenant_id, metric, quantity, idempotency_key, metadata, occurred_at, recorded_at";

function toEvent(row: EventRow): UsageEvent {
  return { ...row, quantity: Number(row.quantity) };
}

/** The statements of usage events. */
@Injectable()
export class UsageStore {
  constructor(private readonly database: Database) {}

  /**
   * Records an event, where the tenant is active and the caller may see it; one round trip. Undefined
   * for no such tenant.
   *
   * @param boundTo the tenant that bounds the caller; null for the platform
   */
  async insert(
    event: NewUsageEvent,
    boundTo: string | null,
    sql: Sql = this.database,
  ): Promise<UsageInsertion | undefined> {
    const rows = await sql.query<InsertionRow>(
      `with tenant as materialized (
         select id, path, status from stratum.tenants where id = $2::uuid),
       inserted as (
         insert into stratum.usage_events (${COLUMNS})
         select $1::uuid, id, $3, $4::numeric, $5, $6::jsonb, coalesce($7::timestamptz, now()), now()
         from tenant where status = 'active'
           and ($8::uuid is null or $8 = any(string_to_array(path::text, '.')::uuid[]))
         on conflict (tenant_id, metric, idempotency_key) where idempotency_key is not null
           do nothing
         returning ${COLUMNS})
       select tenant.path, tenant.status, inserted.* from tenant left join inserted on true`,
      [
        event.id,
        event.tenant_id,
        event.metric,
        event.quantity,
        event.idempotency_key,
        JSON.stringify(event.metadata),
        event.occurred_at,
        boundTo,
      ],
    );
    const [row] = rows;
    if (row === undefined) return undefined;
    const { path, status, ...inserted } = row;
    return { path, status, event: inserted.id === null ? null : toEvent(inserted) };
  }

  /** The event that a tenant's metric has of an idempotency key. */
  async findByKey(
    { tenant_id, metric, idempotency_key }: NewUsageEvent,
    sql: Sql = this.database,
  ): Promise<UsageEvent | undefined> {
    const rows = await sql.query<EventRow>(
      `select ${COLUMNS} from stratum.usage_events
       where tenant_id = $1 and metric = $2 and idempotency_key = $3`,
      [tenant_id, metric, idempotency_key],
    );
    return rows[0] && toEvent(rows[0]);
  }

  /** Totals by metric of one tenant; one more than a list may have, at most. */
  async totals(tenantId: string, filters: UsageFilters): Promise<UsageTotal[]> {
    return this.sum("tenant_id = $4", [tenantId], filters);
  }

  /** Totals by metric of a subtree. */
  async totalsOfSubtree(path: TenantPath, filters: UsageFilters): Promise<UsageTotal[]> {
    const { operator } = this.database.ltree;
    const subtree = `select id from stratum.tenants
      where path ${operator(">=")} $4 and path ${operator("<")} $5`;
    return this.sum(`tenant_id in (${subtree})`, [path, subtreeUpperBound(path)], filters);
  }

  private async sum(
    where: string,
    tenants: readonly string[],
    { metric, from, to }: UsageFilters,
  ): Promise<UsageTotal[]> {
    const values = [from, to, MAX_UNPAGED_RESULTS + 1, ...tenants];
    // A text of its own, rather than "or $n is null": only so is the metric looked up in the index.
    const ofMetric = metric === undefined ? "" : `and metric = $${values.push(metric)}`;
    const rows = await this.database.query<Omit<UsageTotal, "total"> & { total: string }>(
      `select metric, sum(quantity) as total, count(*) as event_count from stratum.usage_events
       where ${where} ${ofMetric}
         and occurred_at >= coalesce($1::timestamptz, '-infinity')
         and occurred_at < coalesce($2::timestamptz, 'infinity')
       group by metric order by metric limit $3`,
      values,
    );
    return rows.map((row) => ({ ...row, total: Number(row.total) }));
  }
}
