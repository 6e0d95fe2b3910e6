import { Injectable } from "@nestjs/common";
import {
  DRY_RUN_CHANGES_LISTED,
  DRY_RUN_TENANTS_LISTED,
  type AffectedTenants,
  type PlannedChange,
  type PlannedEvent,
} from "@stratum-hq/core";
import type { Caller } from "../context/caller";
import type { Recorded } from "../context/dry-run";
import { LEAST_OWN_ROW_ID } from "../persistence/row-ids";
import type { Transaction } from "../persistence/transaction";
import { tenantsNamed, withKnown } from "./named-tenants";
import { TenantStore } from "./tenant.store";

/** What the transaction has recorded, as the database answers it. */
interface RecordedRow {
  readonly change_count: number;
  readonly event_count: number;
  readonly tenant_count: number;
  readonly changes: readonly PlannedChange[];
  readonly events: readonly PlannedEvent[];
  readonly tenants: AffectedTenants["sample"];
}

/** Where changes and events name tenants. */
const STATES = ["before", "after"];
const DATA = ["data"];

/** Reads what a transaction has put on record, while nobody else sees it. */
@Injectable()
export class RehearsalStore {
  constructor(private readonly tenants: TenantStore) {}

  /** Null for a transaction that recorded nothing. As the audit log does, it hides tenants above from who may not know them. */
  async recorded(tx: Transaction, caller: Caller): Promise<Recorded | null> {
    const row = await this.read(tx);
    if (row.change_count + row.event_count === 0) return null;
    const omitted = {
      changes: row.change_count - row.changes.length,
      events: row.event_count - row.events.length,
    };
    return {
      ...(await this.disclosed(tx, row, caller)),
      affected_tenants: { count: row.tenant_count, sample: row.tenants },
      ...(omitted.changes + omitted.events > 0 ? { omitted } : {}),
    };
  }

  /** No index has `operation_id`: the ids, which begin with the time, keep it to rows since the transaction began. */
  private async read(tx: Transaction): Promise<RecordedRow> {
    const rows = await tx.query<RecordedRow>(
      `with logged as materialized (
         select id, action, resource_type, resource_id, tenant_id, before_state, after_state
         from stratum.audit_logs where id >= ${LEAST_OWN_ROW_ID} and operation_id = $1),
       announced as materialized (
         select id, type, tenant_id, data
         from stratum.webhook_events where tx = pg_current_xact_id()),
       changes as (
         select id, json_build_object('action', action, 'resource_type', resource_type,
           'resource_id', resource_id, 'tenant_id', tenant_id,
           'before', before_state, 'after', after_state) as change
         from logged order by id limit $2),
       events as (
         select id, json_build_object('type', type, 'tenant_id', tenant_id, 'data', data) as event
         from announced order by id limit $2),
       affected as (select distinct tenant_id as id from logged where tenant_id is not null),
       sample as (
         select path, json_build_object('id', id, 'name', name, 'slug', slug) as tenant
         from stratum.tenants where id in (select id from affected) order by path limit $3)
       select (select count(*) from logged)::int as change_count,
              (select count(*) from announced)::int as event_count,
              (select count(*) from affected)::int as tenant_count,
              coalesce((select json_agg(change order by id) from changes), '[]') as changes,
              coalesce((select json_agg(event order by id) from events), '[]') as events,
              coalesce((select json_agg(tenant order by path) from sample), '[]') as tenants`,
      [tx.operationId, DRY_RUN_CHANGES_LISTED, DRY_RUN_TENANTS_LISTED],
    );
    return rows[0] as RecordedRow;
  }

  private async disclosed(
    tx: Transaction,
    { changes, events }: RecordedRow,
    { bound_to, sees_ancestors }: Caller,
  ): Promise<Pick<Recorded, "changes" | "events">> {
    if (bound_to === null || sees_ancestors) return { changes, events };
    const named = [...tenantsNamed(changes, STATES), ...tenantsNamed(events, DATA)];
    const known = new Set(await this.tenants.idsWithin(named, bound_to, tx));
    return {
      changes: changes.map((change) => withKnown(change, STATES, known)),
      events: events.map((event) => withKnown(event, DATA, known)),
    };
  }
}
