import { Injectable } from "@nestjs/common";
import {
  tenantIdSchema,
  validate,
  type AuditContext,
  type DataKeyRotationResult,
} from "@stratum-hq/core";
import { currentCaller } from "../context/caller";
import { requirePlatformAdmin } from "../context/authorization";
import { DataKeys } from "../crypto/data-keys";
import { OperationRunner } from "../operations/operation-runner";
import { Database } from "../persistence/database";
import { MutationLog } from "../persistence/mutation-log";
import { TenantGate } from "../tenancy/tenant-gate";
import type { ReencryptionResult } from "./data-key-rotation.handler";

/** Replaces the data key of a tenant, or of the platform. */
@Injectable()
export class DataKeyRotationService {
  constructor(
    private readonly database: Database,
    private readonly gate: TenantGate,
    private readonly runner: OperationRunner,
    private readonly log: MutationLog,
    private readonly keys: DataKeys,
  ) {}

  /**
   * Makes a new data key, encrypts every value of its owner with it, and destroys the versions before. The
   * values stay readable throughout. An operation: it goes on in another process when this one dies.
   *
   * @param tenantId null for the platform's key
   * @throws TenantNotFoundError, ForbiddenError, MasterKeyUnavailableError
   */
  async rotateDataKey(
    tenantId: string | null,
    audit?: AuditContext,
  ): Promise<DataKeyRotationResult> {
    const caller = currentCaller(audit);
    const tenant_id = tenantId === null ? null : validate(tenantIdSchema, tenantId, "tenantId");
    if (tenant_id === null) requirePlatformAdmin(caller);
    const operation = await this.database.transaction(async (tx) => {
      await this.gate.hold(tx, tenant_id, caller);
      const version = (await this.keys.add(tx, [{ tenant_id }])).get(tenant_id) as number;
      const params = { version };
      const started = await this.runner.start(tx, caller, {
        ...{ type: "data_key_rotation", tenant_id, params },
      });
      const change = {
        action: "data_key.rotated",
        resource_type: "data_key",
        resource_id: tenant_id,
        tenant_id,
        before: { version: version - 1 },
        after: { version },
        metadata: { operation: started.id },
      };
      await this.log.record(tx, caller, [change], []);
      return started;
    });
    const result = await this.runner.run<ReencryptionResult>(operation);
    return { operation_id: operation.id, ...result };
  }
}
