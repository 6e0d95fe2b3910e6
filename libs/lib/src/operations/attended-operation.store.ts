import { Injectable } from "@nestjs/common";
import {
  OperationInterruptedError,
  type JsonObject,
  type OperationProgress,
} from "@stratum-hq/core";
import { OPERATION_LOCK } from "../persistence/advisory-locks";
import { Database } from "../persistence/database";
import type { Sql } from "../persistence/sql";
import type { ClaimedOperation } from "./operation-row";
import { milliseconds, operationLockKey } from "./operation.store";

/** Stands for the id in a message, until the row's own takes its place. */
const NO_ID = "?";

/** The statements of operations that only their own process can do. */
@Injectable()
export class AttendedOperationStore {
  constructor(private readonly database: Database) {}

  /** Gives a sign of life; whether the operation is to be cancelled. */
  async beat({ id, claim_id }: ClaimedOperation, progress: OperationProgress): Promise<boolean> {
    const rows = await this.database.query<{ cancel_requested: boolean }>(
      `update stratum.operations
       set heartbeat_at = clock_timestamp(), updated_at = clock_timestamp(), progress = $3
       where id = $1 and claim_id = $2 and state = 'running' returning cancel_requested`,
      [id, claim_id, JSON.stringify(progress)],
    );
    return rows[0]?.cancel_requested === true;
  }

  /** Is a sign of life for as long as the transaction is open. */
  async hold(sql: Sql, id: string): Promise<void> {
    await sql.query(
      `select pg_advisory_xact_lock_shared(${OPERATION_LOCK}, ${operationLockKey("$1::uuid")})`,
      [id],
    );
  }

  /** Ends the operation, also where it had been given up for lost. */
  async succeed(
    { id, claim_id }: ClaimedOperation,
    progress: OperationProgress,
    result: JsonObject,
  ): Promise<void> {
    await this.database.query(
      `update stratum.operations
       set state = 'succeeded', progress = $3, result = $4, error = null, version = version + 1,
           updated_at = clock_timestamp(), finished_at = clock_timestamp()
       where id = $1 and claim_id = $2 and state in ('running', 'failed')`,
      [id, claim_id, JSON.stringify(progress), JSON.stringify(result)],
    );
  }

  /** Fails those whose process has been silent for so long, and holds nothing either. */
  async failAbandoned(staleMs: number): Promise<void> {
    const { code, message } = new OperationInterruptedError(NO_ID);
    await this.database.query(
      `with silent as materialized (
         select id from stratum.operations
         where state = 'running' and not resumable
           and heartbeat_at <= clock_timestamp() - ${milliseconds("$1")}
         for no key update skip locked)
       update stratum.operations as o
       set state = 'failed', version = o.version + 1,
           updated_at = clock_timestamp(), finished_at = clock_timestamp(),
           error = jsonb_build_object('code', $2::text, 'message', replace($3, $4, o.id::text))
       from silent where o.id = silent.id
         and pg_try_advisory_xact_lock(${OPERATION_LOCK}, ${operationLockKey("o.id")})`,
      [staleMs, code, message, NO_ID],
    );
  }
}
