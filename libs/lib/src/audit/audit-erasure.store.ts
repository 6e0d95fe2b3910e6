import { Injectable } from "@nestjs/common";
import { AUDIT_ERASE_MAX_ROWS } from "@stratum-hq/core";
import { MaintenanceRole } from "../persistence/maintenance-role";
import type { Transaction } from "../persistence/transaction";

/** Which rows to take away. */
export interface AuditErasure {
  /** The tenants in whose logs they stand, 1 to 10,000; null for the platform's own log. */
  readonly tenant_ids: readonly string[] | null;
  /** ISO 8601: rows of before. Null for all, which the platform's log never loses. */
  readonly before: string | null;
  /** Rows at most, 1 to {@link AUDIT_ERASE_MAX_ROWS}; that many when left out. */
  readonly limit?: number;
}

/** How many rows a log lost. */
export interface ErasedAuditRows {
  readonly tenant_id: string | null;
  readonly deleted: number;
}

/**
 * The only way in which audit rows go: the function that the database lets through, called as
 * stratum_maintenance (docs/adr/0018).
 */
@Injectable()
export class AuditErasureStore {
  constructor(private readonly maintenance: MaintenanceRole) {}

  /**
   * Takes the oldest of the rows away, logs that lost none left out. Call it, each time in a transaction
   * of its own, until fewer rows than the limit went. The transaction's role is what it was when it returns.
   *
   * @throws MaintenanceRoleMissingError when the pool's login may not
   */
  async erase(tx: Transaction, erasure: AuditErasure): Promise<ErasedAuditRows[]> {
    const { tenant_ids, before, limit = AUDIT_ERASE_MAX_ROWS } = erasure;
    if (tenant_ids?.length === 0) return [];
    const role = await this.maintenance.assume(tx);
    const erased = await tx.query<ErasedAuditRows>(
      "select tenant_id, deleted from stratum.erase_audit_logs($1::uuid[], $2::timestamptz, $3::int)",
      [tenant_ids, before, limit],
    );
    await this.maintenance.leave(tx, role);
    return erased;
  }
}
