import { Injectable } from "@nestjs/common";
import { COLUMN_TYPES, type ContextKeyCopy, type TenantPool } from "@stratum-hq/db-adapters";
import { MaintenanceRole } from "../persistence/maintenance-role";
import type { Transaction } from "../persistence/transaction";

const NOBODY = "00000000-0000-0000-0000-000000000000";

/** Has a database verify a context for nobody. @throws TenantContextForgedError, TenantRoleMissingError */
export async function verifyContext(pool: TenantPool): Promise<void> {
  await pool.scope.run(NOBODY, () =>
    pool.query({ text: "select stratum.current_tenant_id()", types: COLUMN_TYPES }),
  );
}

/** Table `context_keys`, which nobody reads, and which is written as stratum_maintenance alone. */
@Injectable()
export class ContextKeyStore {
  constructor(private readonly maintenance: MaintenanceRole) {}

  /** Lets the database verify what the key signs. @throws MaintenanceRoleMissingError */
  async install(tx: Transaction, { id, innerPad, outerPad }: ContextKeyCopy): Promise<void> {
    const before = await this.maintenance.assume(tx);
    await tx.query("select stratum.install_context_key($1, $2, $3)", [id, innerPad, outerPad]);
    await this.maintenance.leave(tx, before);
  }

  /** Has the database refuse what these keys sign. @throws MaintenanceRoleMissingError */
  async retire(tx: Transaction, ids: readonly string[]): Promise<void> {
    const before = await this.maintenance.assume(tx);
    await tx.query("select stratum.retire_context_key(id) from unnest($1::text[]) as id", [ids]);
    await this.maintenance.leave(tx, before);
  }
}
