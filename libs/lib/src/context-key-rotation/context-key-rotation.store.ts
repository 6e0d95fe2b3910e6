import { Injectable } from "@nestjs/common";
import { OPERATION_COLUMNS, OPERATION_SOURCE } from "../operations/operation.store";
import type { OperationRow } from "../operations/operation-row";
import { CONTEXT_KEY_LOCK } from "../persistence/advisory-locks";
import type { Transaction } from "../persistence/transaction";

/** The statements of a rotation of the signing key on schema stratum. */
@Injectable()
export class ContextKeyRotationStore {
  /** Lets one rotation begin after the other; the one that is running then. */
  async lockAndFind(tx: Transaction): Promise<OperationRow | undefined> {
    await tx.query("select pg_advisory_xact_lock($1, 0)", [CONTEXT_KEY_LOCK]);
    const [running] = await tx.query<OperationRow>(
      `select ${OPERATION_COLUMNS} from ${OPERATION_SOURCE}
       where o.type = 'context_key_rotation' and o.state = 'running' order by o.id limit 1`,
    );
    return running;
  }

  /** Milliseconds since 1970, by the clock that every process shares. */
  async now(tx: Transaction): Promise<number> {
    const [row] = await tx.query<{ ms: number }>(
      "select (extract(epoch from clock_timestamp()) * 1000)::int8 as ms",
    );
    return (row as { ms: number }).ms;
  }
}
