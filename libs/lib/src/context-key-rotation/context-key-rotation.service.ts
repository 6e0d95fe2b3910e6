import { Injectable } from "@nestjs/common";
import {
  ContextKeyConfiguredError,
  OperationInProgressError,
  rotateContextKeySchema,
  type AuditContext,
  type ContextKeyRotationResult,
  type JsonObject,
  type RotateContextKeyInput,
  type IsolationApi,
} from "@stratum-hq/core";
import type { Caller } from "../context/caller";
import { readOptions } from "../context/call-options";
import { requirePlatformAdmin } from "../context/authorization";
import { ContextKeys } from "../context-keys/context-keys";
import type { OperationRow } from "../operations/operation-row";
import { OperationRunner } from "../operations/operation-runner";
import { Mutations } from "../tenancy/mutations";
import { ContextKeyRotationStore } from "./context-key-rotation.store";
import type { RotationParams } from "./rotation-checkpoint";

/** Replaces the key that contexts are signed with. */
@Injectable()
export class ContextKeyRotationService implements Pick<IsolationApi, "rotateContextKey"> {
  constructor(
    private readonly mutations: Mutations,
    private readonly keys: ContextKeys,
    private readonly runner: OperationRunner,
    private readonly store: ContextKeyRotationStore,
  ) {}

  async rotateContextKey(
    options?: RotateContextKeyInput | AuditContext,
    audit?: AuditContext,
  ): Promise<ContextKeyRotationResult> {
    const { options: given, caller } = readOptions(rotateContextKeySchema, options, audit);
    requirePlatformAdmin(caller);
    const { configured } = this.keys;
    if (configured !== null) throw new ContextKeyConfiguredError(configured.id);
    // There is one to replace, and it is encrypted.
    await this.keys.current();
    const operation = await this.begin(caller, { overlap_seconds: given.overlap_seconds });
    const result = await this.runner.run<ContextKeyRotationOutcome>(operation);
    return { operation_id: operation.id, ...result };
  }

  private async begin(caller: Caller, params: RotationParams): Promise<OperationRow> {
    return this.mutations.run({ tenant: null, caller, operation: null }, async (m) => {
      const running = await this.store.lockAndFind(m.tx);
      if (running !== undefined)
        throw new OperationInProgressError(running.id, running.type, running.tenant_id);
      const { id } = await this.keys.hold(m.tx);
      const started = await this.runner.start(m.tx, caller, {
        ...{ type: "context_key_rotation", tenant_id: null, params },
      });
      const change = {
        ...{ action: "context_key.rotating", resource_type: "context_key", resource_id: id },
        ...{ tenant_id: null, before: { key_id: id }, after: { key_id: id } },
        metadata: { operation: started.id },
      };
      await m.record([change], []);
      return started;
    });
  }
}

/** What the operation comes to. */
export type ContextKeyRotationOutcome = JsonObject & Omit<ContextKeyRotationResult, "operation_id">;
