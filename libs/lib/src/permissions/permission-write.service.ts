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
} from "@stratum-hq/core";
import { readOptions } from "../context/call-options";
import { currentCaller, type Caller } from "../context/caller";
import { Database } from "../persistence/database";
import { IdGenerator } from "../persistence/id-generator";
import { MutationLog } from "../persistence/mutation-log";
import type { SetStatement } from "../persistence/mutation-log.store";
import type { Transaction } from "../persistence/transaction";
import { requireVersion } from "../tenancy/access";
import { PermissionAuthority, requireForce } from "./permission-authority";
import { forcedMetadata, policyRecords } from "./permission-records";
import {
  PermissionStore,
  type PermissionPreconditions,
  type PolicyFields,
} from "./permission.store";

/** A policy that is there, with what its chain says of it. */
interface Found {
  readonly policy: PermissionPolicy;
  readonly preconditions: PermissionPreconditions;
}

/** Creates, changes and deletes tenants' own policies. */
@Injectable()
export class PermissionWriteService {
  constructor(
    private readonly database: Database,
    private readonly authority: PermissionAuthority,
    private readonly store: PermissionStore,
    private readonly log: MutationLog,
    private readonly ids: IdGenerator,
  ) {}

  /**
   * Gives the tenant a policy for a key, which it and the tenants below inherit.
   *
   * @throws ValidationError, TenantNotFoundError, TenantSuspendedError, TenantArchivedError,
   *   PermissionBannedError, PermissionLockedError, PermissionNotDelegatedError,
   *   PermissionAlreadyExistsError, TenantTreeBusyError
   */
  async createPermission(
    id: string,
    input: CreatePermissionInput,
    audit?: AuditContext,
  ): Promise<PermissionPolicy> {
    const caller = currentCaller(audit);
    const tenantId = validate(tenantIdSchema, id, "id");
    const { key, ...fields } = validate(createPermissionSchema, input, "input");
    return this.database.transaction(async (tx) => {
      const preconditions = await this.authority.preconditions(tx, tenantId, key, caller);
      this.authority.require(preconditions, key, fields.mode, caller);
      if ((await this.store.find(tx, tenantId, key)) !== undefined) {
        throw new PermissionAlreadyExistsError(tenantId, key);
      }
      const policy = { id: this.ids.next(), tenant_id: tenantId, key, ...fields };
      const created = await this.store.insert(tx, policy);
      await this.log.record(tx, caller, ...policyRecords("permission.created", null, created));
      return created;
    });
  }

  /**
   * Changes the fields given. The policy as it is to be must be one that the tenant could create now.
   *
   * @throws ValidationError, TenantNotFoundError, TenantSuspendedError, TenantArchivedError,
   *   PermissionNotFoundError, PermissionBannedError, PermissionLockedError,
   *   PermissionNotDelegatedError, PermissionRevocationDeniedError for a PERMANENT policy without
   *   `force`, ForbiddenError for `force` by a tenant, VersionConflictError, TenantTreeBusyError
   */
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
    return this.database.transaction(async (tx) => {
      const { policy, preconditions } = await this.found(tx, tenantId, validPolicyId, caller);
      const fields: PolicyFields = {
        value: update.value === undefined ? policy.value : update.value,
        mode: update.mode ?? policy.mode,
        revocation_mode: update.revocation_mode ?? policy.revocation_mode,
      };
      this.authority.require(preconditions, policy.key, fields.mode, caller);
      requireVersion(policy, update.expected_version, "Permission policy");
      if (unchanged(policy, fields)) return policy;
      requireRevocable(policy, update.force);
      const updated = await this.store.update(tx, policy.id, fields);
      const records = policyRecords("permission.updated", policy, updated, update.force);
      await this.log.record(tx, caller, ...records);
      return updated;
    });
  }

  /**
   * Deletes the tenant's policy: with revocation_mode CASCADE also every policy of the key below, save
   * for PERMANENT ones; with SOFT, or PERMANENT and `force`, that policy alone.
   *
   * @throws ValidationError, TenantNotFoundError, TenantSuspendedError, TenantArchivedError,
   *   PermissionNotFoundError, PermissionLockedError, PermissionRevocationDeniedError for a PERMANENT
   *   policy without `force`, ForbiddenError for `force` by a tenant, VersionConflictError,
   *   TenantTreeBusyError
   */
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
    await this.database.transaction(async (tx) => {
      const { policy, preconditions } = await this.found(tx, tenantId, validPolicyId, call.caller);
      this.authority.require(preconditions, policy.key, null, call.caller);
      requireRevocable(policy, force);
      requireVersion(policy, expected_version, "Permission policy");
      const { key, revocation_mode } = policy;
      await this.log.recordBulk(tx, call.caller, {
        ...this.deletion(policy, preconditions),
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

  /** The policy, read under the lock of its key; which key that is never changes. */
  private async found(
    tx: Transaction,
    tenantId: string,
    policyId: string,
    caller: Caller,
  ): Promise<Found> {
    const key = await this.store.keyOf(tx, tenantId, policyId);
    const preconditions = await this.authority.preconditions(tx, tenantId, key ?? "", caller);
    const policy = key === undefined ? undefined : await this.store.find(tx, tenantId, key);
    if (policy?.id !== policyId) {
      throw new PermissionNotFoundError({ tenant_id: tenantId, policy_id: policyId });
    }
    return { policy, preconditions };
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
