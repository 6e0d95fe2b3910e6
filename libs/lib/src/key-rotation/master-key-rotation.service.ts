import { Inject, Injectable } from "@nestjs/common";
import {
  masterKeySchema,
  MasterKeyUnavailableError,
  validate,
  ValidationError,
  type AuditContext,
  type MasterKeyRotationResult,
  type KeyRotationApi,
} from "@stratum-hq/core";
import { currentCaller } from "../context/caller";
import { requirePlatformAdmin } from "../context/authorization";
import { DataKeyStore } from "../crypto/data-key.store";
import { KEY_PROVIDER, type KeyProvider } from "../crypto/key-provider";
import { masterKeyIdOf } from "../crypto/master-keyring";
import { OperationRunner } from "../operations/operation-runner";
import { Mutations } from "../tenancy/mutations";
import type { MasterKeyRotationParams, RewrappingResult } from "./master-key-rotation.handler";

/**
 * Stands for a master key that wraps nothing: its "id" may be the text of a key in a form that is none of
 * ours, which must not go on record.
 */
const NO_KEY = "none";

/** Replaces the master key. */
@Injectable()
export class MasterKeyRotationService implements Pick<KeyRotationApi, "rotateEncryptionKey"> {
  constructor(
    @Inject(KEY_PROVIDER) private readonly provider: KeyProvider,
    private readonly mutations: Mutations,
    private readonly runner: OperationRunner,
    private readonly store: DataKeyStore,
  ) {}

  async rotateEncryptionKey(
    oldKey?: string,
    newKey?: string,
    audit?: AuditContext,
  ): Promise<MasterKeyRotationResult> {
    const caller = currentCaller(audit);
    requirePlatformAdmin(caller);
    const from = oldKey === undefined ? null : idOf(oldKey, "oldKey");
    const current = await this.currentKeyId();
    if (newKey !== undefined && idOf(newKey, "newKey") !== current) throw notCurrent(current);
    const request = { tenant: null, caller, operation: null };
    const operation = await this.mutations.run(request, async (m) => {
      const unused = from !== null && !(await this.store.isWrapping(m.tx, from));
      const params: MasterKeyRotationParams = { from: unused ? NO_KEY : from, to: current };
      const started = await this.runner.start(m.tx, caller, {
        ...{ type: "key_rotation", tenant_id: null, params },
      });
      const change = {
        action: "encryption_key.rotated",
        resource_type: "encryption_key",
        resource_id: current,
        tenant_id: null,
        before: { master_key_id: params.from },
        after: { master_key_id: current },
        metadata: { operation: started.id },
      };
      await m.record([change], []);
      return started;
    });
    const { data_keys_rotated } = await this.runner.run<RewrappingResult>(operation);
    return { operation_id: operation.id, master_key_id: current, data_keys_rotated };
  }

  private async currentKeyId(): Promise<string> {
    try {
      return await this.provider.currentKeyId();
    } catch (error) {
      throw new MasterKeyUnavailableError("current", error);
    }
  }
}

function idOf(key: string, argument: string): string {
  return masterKeyIdOf(validate(masterKeySchema, key, argument));
}

function notCurrent(current: string): ValidationError {
  const message =
    `not the key provider's current master key, which is ${current}. Start every process with the new key ` +
    "as STRATUM_MASTER_KEY and the old one as STRATUM_MASTER_KEY_PREVIOUS, then rotate";
  return new ValidationError("newKey", [{ path: "", message }]);
}
