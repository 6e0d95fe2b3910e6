import { Injectable } from "@nestjs/common";
import type { OperationFailure, OperationProgress, OperationType } from "@stratum-hq/core";
import type { Caller } from "../context/caller";
import { OPERATION_TURN_LOCK } from "../persistence/advisory-locks";
import { Database } from "../persistence/database";
import type { Sql } from "../persistence/sql";
import type { Transaction } from "../persistence/transaction";
import type { StepOutcome } from "./operation-handler";
import type { ClaimedOperation, NewOperation, OperationRow } from "./operation-row";

const COLUMNS = [
  ...["id", "type", "tenant_id", "state", "params", "progress", "checkpoint"],
  ...["cancel_requested", "cancellable", "resumable", "error", "result"],
  ...["actor_id", "actor_type", "source_ip", "request_id", "started_by", "claim_id"],
  ...["attempts", "version", "heartbeat_at", "created_at", "updated_at", "finished_at"],
]
  .map((column) => `o.${column}`)
  .join(", ");

/** SQL of an operation's columns, with the place of its tenant. */
export const OPERATION_COLUMNS = `${COLUMNS}, t.path`;
export const OPERATION_SOURCE = `stratum.operations as o
  left join stratum.tenants as t on t.id = o.tenant_id`;

/** SQL: the second key of an operation's advisory locks. */
export function operationLockKey(id: string): string {
  return `('x' || right(replace(${id}::text, '-', ''), 8))::bit(32)::int`;
}

/**
 * SQL of a turn at the operation `$1`. Row locks are not granted in the order of asking: whoever cancels
 * would wait for as long as one step quickly follows the other. Advisory locks are.
 */
const TURN = `with turn as materialized (
  select count(pg_advisory_xact_lock(${OPERATION_TURN_LOCK}, ${operationLockKey("$1::uuid")})) as held)`;

const WITH_PATH = `${COLUMNS}, (select path from stratum.tenants where id = o.tenant_id) as path`;
const CHANGED = "version = o.version + 1, updated_at = clock_timestamp()";
const ALIVE = "heartbeat_at = clock_timestamp()";

/** The statements of long operations. */
@Injectable()
export class OperationStore {
  constructor(private readonly database: Database) {}

  async insert(
    tx: Transaction,
    caller: Caller,
    ids: { readonly id: string; readonly claim_id: string; readonly resumable: boolean },
    { type, tenant_id, params = {}, total = null, cancellable = true }: NewOperation,
  ): Promise<OperationRow> {
    const progress: OperationProgress = { done: 0, total };
    const rows = await tx.query<OperationRow>(
      `insert into stratum.operations as o (id, claim_id, resumable, type, tenant_id, params, progress,
         cancellable, actor_id, actor_type, source_ip, request_id, started_by)
       values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)
       returning ${WITH_PATH}`,
      [
        ids.id,
        ids.claim_id,
        ids.resumable,
        type,
        tenant_id,
        JSON.stringify(params),
        JSON.stringify(progress),
        cancellable,
        caller.actor_id,
        caller.actor_type,
        caller.source_ip,
        caller.request_id,
        caller.bound_to,
      ],
    );
    return rows[0] as OperationRow;
  }

  async find(id: string, sql: Sql = this.database): Promise<OperationRow | undefined> {
    const text = `select ${OPERATION_COLUMNS} from ${OPERATION_SOURCE} where o.id = $1`;
    return (await sql.query<OperationRow>(text, [id]))[0];
  }

  /** The operation, kept from others, and whether its process has been silent for so long. */
  async findForUpdate(
    tx: Transaction,
    id: string,
    staleMs: number,
  ): Promise<(OperationRow & { readonly abandoned: boolean }) | undefined> {
    const rows = await tx.query<OperationRow & { abandoned: boolean }>(
      `${TURN} select ${OPERATION_COLUMNS},
         o.state = 'running' and o.heartbeat_at <= clock_timestamp() - ${milliseconds("$2")} as abandoned
       from ${OPERATION_SOURCE}, turn
       where o.id = $1 and turn.held = 1 for no key update of o`,
      [id, staleMs],
    );
    return rows[0];
  }

  /**
   * Begins a step: the operation, if the claim still holds, kept from others until the transaction ends.
   * Whoever would take it over skips it meanwhile.
   */
  async fence(tx: Transaction, { id, claim_id }: ClaimedOperation) {
    const rows = await tx.query<OperationRow>(
      `${TURN} select ${OPERATION_COLUMNS} from ${OPERATION_SOURCE}, turn
       where o.id = $1 and turn.held = 1 and o.claim_id = $2 and o.state = 'running' for no key update of o`,
      [id, claim_id],
    );
    return rows[0];
  }

  /** Ends a step. */
  async advance(tx: Transaction, id: string, outcome: StepOutcome): Promise<void> {
    const { progress, checkpoint, cancellable, result } = outcome;
    await tx.query(
      `update stratum.operations as o
       set progress = $2, checkpoint = coalesce($3, checkpoint), attempts = 0,
           cancellable = cancellable and $4, result = $5, ${ALIVE}, ${CHANGED},
           state = case when $5::jsonb is null then 'running' else 'succeeded' end,
           finished_at = case when $5::jsonb is not null then clock_timestamp() end
       where id = $1`,
      [
        id,
        JSON.stringify(progress),
        checkpoint === undefined ? null : JSON.stringify(checkpoint),
        cancellable ?? true,
        result === undefined ? null : JSON.stringify(result),
      ],
    );
  }

  /** Ends the operation as cancelled, or as failed. */
  async end(id: string, claimId: string, error: OperationFailure | null, sql: Sql = this.database) {
    await sql.query(
      `update stratum.operations as o
       set state = case when $3::jsonb is null then 'cancelled' else 'failed' end, error = $3,
           finished_at = clock_timestamp(), ${CHANGED}
       where id = $1 and claim_id = $2 and state = 'running'`,
      [id, claimId, error === null ? null : JSON.stringify(error)],
    );
  }

  async requestCancel(tx: Transaction, id: string): Promise<void> {
    await tx.query(
      `update stratum.operations as o set cancel_requested = true, ${CHANGED} where id = $1`,
      [id],
    );
  }

  /** Takes an operation up again, in whichever state it is. */
  async claim(tx: Transaction, id: string, claimId: string): Promise<OperationRow> {
    const rows = await tx.query<OperationRow>(
      `update stratum.operations as o
       set state = 'running', claim_id = $2, attempts = 1, cancel_requested = false, error = null,
           finished_at = null, ${ALIVE}, ${CHANGED}
       where id = $1 returning ${WITH_PATH}`,
      [id, claimId],
    );
    return rows[0] as OperationRow;
  }

  /** Takes over the operation of those types that has been abandoned longest, if there is one. */
  async claimAbandoned(
    types: readonly OperationType[],
    claimId: string,
    staleMs: number,
  ): Promise<OperationRow | undefined> {
    const rows = await this.database.query<OperationRow>(
      `with abandoned as materialized (
         select id from stratum.operations
         where state = 'running' and resumable and type = any($1::text[])
           and heartbeat_at <= clock_timestamp() - ${milliseconds("$3")}
         order by heartbeat_at limit 1 for no key update skip locked)
       update stratum.operations as o
       set claim_id = $2, attempts = attempts + 1, ${ALIVE}, ${CHANGED}
       from abandoned where o.id = abandoned.id returning ${WITH_PATH}`,
      [types, claimId, staleMs],
    );
    return rows[0];
  }

  /** Gives an operation back, for any process to take up at once. */
  async release({ id, claim_id }: ClaimedOperation): Promise<void> {
    await this.database.query(
      `update stratum.operations as o set heartbeat_at = 'epoch', attempts = greatest(attempts - 1, 0)
       where id = $1 and claim_id = $2 and state = 'running'`,
      [id, claim_id],
    );
  }
}

/** SQL of a number of milliseconds as an interval. */
export function milliseconds(value: string): string {
  return `${value}::double precision * interval '1 millisecond'`;
}
