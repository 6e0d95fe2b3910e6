import { Injectable } from "@nestjs/common";
import type { AuditEntry } from "@stratum-hq/core";
import { AuditMask } from "../persistence/audit-mask";
import { rowIds } from "../persistence/row-ids";
import type { Transaction } from "../persistence/transaction";

/** An entry as `recordAuditEvent` writes it; the database adds the time and the id that begins with it. */
export type NewAuditEntry = Omit<AuditEntry, "created_at" | "id" | "operation_id">;

const COLUMNS = `id, operation_id, actor_id, actor_type, action, resource_type, resource_id, tenant_id,
  source_ip, request_id, before_state, after_state, metadata, occurred_at`;

/** Writes single entries of the host application's, secrets masked. */
@Injectable()
export class AuditStore {
  constructor(private readonly mask: AuditMask) {}

  async insert(tx: Transaction, entry: NewAuditEntry, idTail: string): Promise<AuditEntry> {
    const { resource_id, before, after, metadata } = this.mask.change({
      ...entry,
      before: entry.before_state,
      after: entry.after_state,
    });
    const rows = await tx.query<AuditEntry>(
      `insert into stratum.audit_logs (${COLUMNS})
       select ${rowIds("$1::text")}, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14
       returning ${COLUMNS}, created_at`,
      [
        idTail,
        tx.operationId,
        this.mask.text(entry.actor_id),
        entry.actor_type,
        entry.action,
        entry.resource_type,
        resource_id,
        entry.tenant_id,
        entry.source_ip,
        entry.request_id,
        before === null ? null : JSON.stringify(before),
        after === null ? null : JSON.stringify(after),
        JSON.stringify(metadata),
        entry.occurred_at,
      ],
    );
    return rows[0] as AuditEntry;
  }
}
