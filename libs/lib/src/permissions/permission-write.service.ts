import { Injectable } from "@nestjs/common";
import {
  createPermissionSchema,
  deletePermissionSchema,
  jsonEqual,
  PermissionAlreadyExistsError,
  PermissionNotFoundError,
  PermissionRevocationDeniedError,
  tenantIdSchema,
  updatePermissionSchema,
  validate,
  type AuditContext,
  type CreatePermissionInput,
  type DeletePermissionInput,
  type PermissionPolicy,
  type UpdatePermissionInput,
  type PermissionsApi,
} from "@stratum-hq/core";
import { readOptions } from "../context/call-options";
import { currentCaller, type Caller } from "../context/caller";
import { IdGenerator } from "../persistence/id-generator";
import type { SetStatement } from "../persistence/mutation-log.store";
import type { Transaction } from "../persistence/transaction";
import { requireVersion } from "../tenancy/access";
import type { Mutation } from "../tenancy/mutation";
import { Mutations } from "../tenancy/mutations";
import { CHANGE_PERMISSIONS, PermissionAuthority, requireForce } from "./permission-authority";
import { forcedMetadata, policyRecords } from "./permission-records";
import {
  PermissionStore,
  type PermissionPreconditions,
  type PolicyFields,
} from "./permission.store";

/** What its chain says of a key, with the tenant's own policy of it. */
type PolicySubject = PermissionPreconditions & { readonly policy: PermissionPolicy | undefined };

/** Creates, changes and deletes tenants' own policies. */
@Injectable()
export class PermissionWriteService implements Pick<
  PermissionsApi,
  "createPermission" | "updatePermission" | "deletePermission"
> {
  constructor(
    private readonly mutations: Mutations,
    private readonly authority: PermissionAuthority,
    private readonly store: PermissionStore,
    private readonly ids: IdGenerator,
  ) {}

  async createPermission(
    id: string,
    input: CreatePermissionInput,
    audit?: AuditContext,
  ): Promise<PermissionPolicy> {
    const caller = currentCaller(audit);
    const tenantId = validate(tenantIdSchema, id, "id");
    const { key, ...fields } = validate(createPermissionSchema, input, "input");
    return this.mutations.run(this.authority.change(tenantId, key, caller), async (m) => {
      this.authority.require(m.tenant, key, fields.mode, caller);
      if ((await this.store.find(m.tx, tenantId, key)) !== undefined) {
        throw new PermissionAlreadyExistsError(tenantId, key);
      }
      const policy = { id: this.ids.next(), tenant_id: tenantId, key, ...fields };
      const created = await this.store.insert(m.tx, policy);
      await m.record(...policyRecords("permission.created", null, created));
      return created;
    });
  }

  async updatePermission(
    id: string,
    policyId: string,
    input: UpdatePermissionInput,
    audit?: AuditContext,
  ): Promise<PermissionPolicy> {
    const caller = currentCaller(audit);
    const tenantId = validate(tenantIdSchema, id, "id");
    const validPolicyId = validate(tenantIdSchema, policyId, "policyId");
    const update = validate(updatePermissionSchema, input, "input");
    requireForce(update.force, caller);
    return this.change(tenantId, validPolicyId, caller, async (m, policy) => {
      const fields: PolicyFields = {
        value: update.value === undefined ? policy.value : update.value,
        mode: update.mode ?? policy.mode,
        revocation_mode: update.revocation_mode ?? policy.revocation_mode,
      };
      this.authority.require(m.tenant, policy.key, fields.mode, caller);
      requireVersion(policy, update.expected_version, "Permission policy");
      if (unchanged(policy, fields)) return policy;
      requireRevocable(policy, update.force);
      const updated = await this.store.update(m.tx, policy.id, fields);
      await m.record(...policyRecords("permission.updated", policy, updated, update.force));
      return updated;
    });
  }

  async deletePermission(
    id: string,
    policyId: string,
    options?: DeletePermissionInput | AuditContext,
    audit?: AuditContext,
  ): Promise<void> {
    const tenantId = validate(tenantIdSchema, id, "id");
    const validPolicyId = validate(tenantIdSchema, policyId, "policyId");
    const call = readOptions(deletePermissionSchema, options, audit);
    const { force, expected_version } = call.options;
    requireForce(force, call.caller);
    await this.change(tenantId, validPolicyId, call.caller, async (m, policy) => {
      this.authority.require(m.tenant, policy.key, null, call.caller);
      requireRevocable(policy, force);
      requireVersion(policy, expected_version, "Permission policy");
      const { key, revocation_mode } = policy;
      await m.recordBulk({
        ...this.deletion(policy, m.tenant),
        action: "permission.deleted",
        event: {
          type: "permission.deleted",
          tenant_id: tenantId,
          data: { policy_id: policy.id, key, revocation_mode },
        },
        ...forcedMetadata(force),
      });
    });
  }

  private deletion(
    { id, key, revocation_mode }: PermissionPolicy,
    { path }: PermissionPreconditions,
  ): SetStatement {
    return revocation_mode === "CASCADE"
      ? this.store.cascade(path, key, false)
      : this.store.removal(id);
  }

  /** Changes a policy, read under the lock of its key; which key that is never changes. */
  private async change<T>(
    tenant: string,
    policyId: string,
    caller: Caller,
    work: (m: Mutation<PolicySubject>, policy: PermissionPolicy) => Promise<T>,
  ): Promise<T> {
    const prepare = async (tx: Transaction) => {
      const key = await this.store.keyOf(tx, tenant, policyId);
      const { lock, read } = this.authority.approach(tenant, key ?? "");
      const readPolicy = async (): Promise<PolicySubject | undefined> => {
        const preconditions = await read(tx);
        const policy = key === undefined ? key : await this.store.find(tx, tenant, key);
        return preconditions && { ...preconditions, policy };
      };
      return { lock, read: readPolicy };
    };
    const request = { tenant, caller, operation: CHANGE_PERMISSIONS, prepare };
    return this.mutations.run(request, async (m) => {
      const { policy } = m.tenant;
      if (policy?.id !== policyId) {
        throw new PermissionNotFoundError({ tenant_id: tenant, policy_id: policyId });
      }
      return work(m, policy);
    });
  }
}

function requireRevocable(policy: PermissionPolicy, force: boolean | undefined): void {
  if (policy.revocation_mode !== "PERMANENT" || force === true) return;
  const { id: policy_id, tenant_id, key } = policy;
  throw new PermissionRevocationDeniedError({ policy_id, tenant_id, key });
}

function unchanged(policy: PermissionPolicy, fields: PolicyFields): boolean {
  return (
    policy.mode === fields.mode &&
    policy.revocation_mode === fields.revocation_mode &&
    jsonEqual(policy.value, fields.value)
  );
}
