import { Injectable } from "@nestjs/common";
import { MAX_EVENT_TENANT_IDS, type JsonObject, type JsonValue } from "@stratum-hq/core";
import type { Caller } from "../context/caller";
import { AuditMask } from "./audit-mask";
import { rowIds, rowIdTail } from "./row-ids";
import type { Transaction } from "./transaction";

/** One resource that changed, as the audit log keeps it. */
export interface AuditChange {
  readonly action: string;
  readonly resource_type: string;
  /** Null where the row tells of several resources at once; its states are then keyed by them. */
  readonly resource_id: string | null;
  /** The tenant whose row it is, in whose log the change stands; null for the platform's own. */
  readonly tenant_id: string | null;
  readonly before: JsonValue;
  readonly after: JsonValue;
  readonly metadata?: JsonObject;
}

/**
 * What the outbox and the change feed tell. Caches forget `tenant_id` and everything below it; where it
 * is null, everything.
 */
export interface OutboxEvent {
  readonly type: string;
  readonly tenant_id: string | null;
  readonly data: JsonObject;
}

/** A state of each row that was touched: SQL for it, or the same one for all of them. */
export type SetState = string | { readonly same: JsonObject };

/** One statement that changes rows of any number of tenants. */
export interface SetStatement {
  /** A data-modifying query that returns `tenant_id` and what the expressions below are made of. */
  readonly text: string;
  readonly values: readonly unknown[];
  /** What the rows are: the audit rows' resource_type, and SQL for their resource_id. */
  readonly resource: { readonly type: string; readonly id: string };
  /**
   * The audit rows' states: `jsonb` expressions over that query's columns and values; aggregates, where
   * a tenant may have several rows in it.
   */
  readonly before: SetState;
  readonly after: SetState;
  readonly grouped?: boolean;
}

/** Such a statement, with what is recorded of it. */
export interface SetChange extends SetStatement {
  readonly action: string;
  /** Null where the transaction tells of the change by an event of its own. */
  readonly event: OutboxEvent | null;
  readonly metadata?: JsonObject;
}

const AUDIT_COLUMNS = `id, operation_id, actor_id, actor_type, source_ip, request_id,
  action, resource_type, resource_id, tenant_id, before_state, after_state, metadata`;

/** Events of one type and tenant together, in their order: a batch then sends neither of them again. */
function alike(events: readonly OutboxEvent[]): object[] {
  const groups: { type: string; tenant_id: string | null; events: JsonObject[] }[] = [];
  for (const { type, tenant_id, data } of events) {
    const last = groups.at(-1);
    if (last?.type === type && last.tenant_id === tenant_id) last.events.push(data);
    else groups.push({ type, tenant_id, events: [data] });
  }
  return groups;
}

/** Writes audit rows and events, secrets masked; any number of them in one statement. */
@Injectable()
export class MutationLogStore {
  constructor(private readonly mask: AuditMask) {}

  async insert(
    tx: Transaction,
    caller: Caller,
    changes: readonly AuditChange[],
    events: readonly OutboxEvent[],
    randomId: string,
  ): Promise<void> {
    await tx.query(
      `with logged as (
         insert into stratum.audit_logs (${AUDIT_COLUMNS})
         select ${rowIds("$8::text")}, $1, $2, $3, $4, $5,
                action, resource_type, resource_id, tenant_id, before, after, coalesce(metadata, '{}')
         from jsonb_to_recordset($6::jsonb) as change(
           action text, resource_type text, resource_id text, tenant_id uuid,
           before jsonb, after jsonb, metadata jsonb))
       insert into stratum.webhook_events (id, type, tenant_id, operation_id, data)
       select ${rowIds("$8::text")}, type, tenant_id, $1, event
       from jsonb_to_recordset($7::jsonb) as alike(type text, tenant_id uuid, events jsonb),
         jsonb_array_elements(events) as event`,
      [
        tx.operationId,
        ...this.actorOf(caller),
        JSON.stringify(changes.map((change) => this.mask.change(change))),
        JSON.stringify(alike(events.map((event) => this.masked(event)))),
        rowIdTail(randomId),
      ],
    );
  }

  /** Runs the change and logs it in the same statement; how many rows it touched. */
  async insertSet(
    tx: Transaction,
    caller: Caller,
    change: SetChange,
    randomId: string,
  ): Promise<number> {
    const { resource, metadata = {} } = change;
    const event = change.event === null ? null : this.masked(change.event);
    const values = [...change.values];
    const bind = (value: unknown, type: string): string => `$${values.push(value)}::${type}`;
    const operation = bind(tx.operationId, "uuid");
    const tail = bind(rowIdTail(randomId), "text");
    const actor = this.actorOf(caller).map((field) => bind(field, "text"));
    const states = { before: change.before, after: change.after };
    const made = Object.entries(states).flatMap(([name, state]) =>
      typeof state === "string" ? [{ name, state }] : [],
    );
    const kept = Object.entries(states).map(([name, state]) =>
      typeof state === "string"
        ? this.mask.sql(`${name}_state`, `${name}_text`)
        : bind(JSON.stringify(this.mask.object(state.same)), "jsonb"),
    );
    const rows = await tx.query<{ count: number }>(
      `with changed as (${change.text}),
       total as materialized (select count(*)::int as count from changed),
       logged as (
         insert into stratum.audit_logs (${AUDIT_COLUMNS})
         select ${rowIds(tail)},
                ${operation}, ${actor.join(", ")}, ${bind(change.action, "text")},
                ${bind(resource.type, "text")}, resource_id, tenant_id,
                ${kept.join(", ")},
                ${bind(JSON.stringify(this.mask.object(metadata)), "jsonb")}
         from (select *${made.map(({ name }) => `, lower(${name}_state::text) as ${name}_text`).join("")}
               from (select tenant_id, (${resource.id})::text as resource_id
                            ${made.map(({ name, state }) => `, ${state} as ${name}_state`).join("")}
                     from (select * from changed order by tenant_id) as changed
                     ${change.grouped === true ? "group by tenant_id" : ""}) as stated
               offset 0) as stated)
       ${event === null ? "" : `, announced as (${announcement(event, operation, tail, bind)})`}
       select count from total`,
      values,
    );
    return rows[0]?.count ?? 0;
  }

  private masked(event: OutboxEvent): OutboxEvent {
    return { ...event, data: this.mask.object(event.data) };
  }

  private actorOf(caller: Caller): unknown[] {
    const { actor_id, actor_type, source_ip, request_id } = caller;
    return [this.mask.text(actor_id), actor_type, source_ip, request_id];
  }
}

/** SQL that writes the one event of a set-based change, with the tenants that it touched. */
function announcement(
  event: OutboxEvent,
  operation: string,
  tail: string,
  bind: (value: unknown, type: string) => string,
): string {
  return `
    insert into stratum.webhook_events (id, type, tenant_id, operation_id, data)
    select ${rowIds(tail)}, ${bind(event.type, "text")}, ${bind(event.tenant_id, "uuid")}, ${operation},
           ${bind(JSON.stringify(event.data), "jsonb")} || jsonb_build_object('count', count)
           || case when count > ${MAX_EVENT_TENANT_IDS} then '{}'
                   else jsonb_build_object('tenant_ids',
                     (select jsonb_agg(distinct tenant_id) from changed)) end
    from total where count > 0`;
}
