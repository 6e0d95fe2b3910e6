import { Injectable } from "@nestjs/common";
import {
  tenantIdSchema,
  validate,
  type AuditContext,
  type DataKeyRotationResult,
  type KeyRotationApi,
} from "@stratum-hq/core";
import { currentCaller } from "../context/caller";
import { requirePlatformAdmin } from "../context/authorization";
import { DataKeys } from "../crypto/data-keys";
import { OperationRunner } from "../operations/operation-runner";
import { Mutations } from "../tenancy/mutations";
import type { ReencryptionResult } from "./data-key-rotation.handler";

/** Replaces the data key of a tenant, or of the platform. */
@Injectable()
export class DataKeyRotationService implements Pick<KeyRotationApi, "rotateDataKey"> {
  constructor(
    private readonly mutations: Mutations,
    private readonly runner: OperationRunner,
    private readonly keys: DataKeys,
  ) {}

  async rotateDataKey(
    tenantId: string | null,
    audit?: AuditContext,
  ): Promise<DataKeyRotationResult> {
    const caller = currentCaller(audit);
    const tenant_id = tenantId === null ? null : validate(tenantIdSchema, tenantId, "tenantId");
    if (tenant_id === null) requirePlatformAdmin(caller);
    const request = { tenant: tenant_id, caller, operation: null };
    const operation = await this.mutations.run(request, async (m) => {
      const version = (await this.keys.add(m.tx, [{ tenant_id }])).get(tenant_id) as number;
      const params = { version };
      const started = await this.runner.start(m.tx, caller, {
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
      await m.record([change], []);
      return started;
    });
    const result = await this.runner.run<ReencryptionResult>(operation);
    return { operation_id: operation.id, ...result };
  }
}
