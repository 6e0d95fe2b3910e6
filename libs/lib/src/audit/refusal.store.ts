import { Injectable } from "@nestjs/common";
import { AuditMask } from "../persistence/audit-mask";
import { Database } from "../persistence/database";
import { IdGenerator } from "../persistence/id-generator";
import { rowIds, rowIdTail } from "../persistence/row-ids";
import type { Refusal } from "./refusal";

/** Writes refusals to the audit log, outside of any transaction: what was refused has been rolled back. */
@Injectable()
export class RefusalStore {
  constructor(
    private readonly database: Database,
    private readonly mask: AuditMask,
    private readonly ids: IdGenerator,
  ) {}

  /** Of a tenant that is gone it stands in the platform's log: nothing may outlive a purge. */
  async insert({ action, actor, ...refusal }: Refusal): Promise<void> {
    await this.database.query(
      `insert into stratum.audit_logs (id, operation_id, actor_id, actor_type, source_ip, request_id,
         action, resource_type, resource_id, tenant_id, metadata)
       select ${rowIds("$1::text")}, $2, $3, $4, $5, $6, $7, $8, $9,
              (select id from stratum.tenants where id = $10::uuid), $11::jsonb`,
      [
        rowIdTail(this.ids.next()),
        this.ids.next(),
        this.mask.text(actor.actor_id),
        actor.actor_type,
        actor.source_ip,
        actor.request_id,
        action,
        refusal.resource_type,
        refusal.resource_id === null ? null : this.mask.text(refusal.resource_id),
        refusal.tenant_id,
        JSON.stringify(this.mask.object(refusal.metadata)),
      ],
    );
  }
}
