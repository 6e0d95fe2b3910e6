import { Injectable } from "@nestjs/common";
import {
  AbacPolicyAlreadyExistsError,
  abacPolicyKey,
  AbacPolicyNotFoundError,
  createAbacPolicySchema,
  deleteAbacPolicySchema,
  tenantIdSchema,
  validate,
  type AbacPolicy,
  type AbacPolicyIdentity,
  type AuditContext,
  type CreateAbacPolicyInput,
  type DeleteAbacPolicyInput,
} from "@stratum-hq/core";
import { readOptions } from "../context/call-options";
import { currentCaller, type Caller } from "../context/caller";
import { Database } from "../persistence/database";
import { IdGenerator } from "../persistence/id-generator";
import { MutationLog } from "../persistence/mutation-log";
import type { Transaction } from "../persistence/transaction";
import { requireVersion } from "../tenancy/access";
import { AbacAuthority } from "./abac-authority";
import { creationRecords, deletionEvent } from "./abac-records";
import { AbacStore, type AbacPreconditions } from "./abac.store";

/** Stands for the key of a policy that is not there, so that the tenant is looked at all the same. */
const NO_POLICY: AbacPolicyIdentity = { resource_type: "", action: "", name: "" };

/** Creates and deletes tenants' own ABAC policies. */
@Injectable()
export class AbacWriteService {
  constructor(
    private readonly database: Database,
    private readonly authority: AbacAuthority,
    private readonly store: AbacStore,
    private readonly log: MutationLog,
    private readonly ids: IdGenerator,
  ) {}

  /**
   * Gives the tenant a policy, which it and the tenants below inherit. One of the same resource_type,
   * action and name overrides that of a tenant above, where that lets it.
   *
   * @throws ValidationError, TenantNotFoundError, TenantSuspendedError, TenantArchivedError,
   *   AbacPolicyLockedError, PermissionNotDelegatedError, AbacPolicyAlreadyExistsError,
   *   TenantTreeBusyError
   */
  async createAbacPolicy(
    tenantId: string,
    input: CreateAbacPolicyInput,
    audit?: AuditContext,
  ): Promise<AbacPolicy> {
    const caller = currentCaller(audit);
    const tenant_id = validate(tenantIdSchema, tenantId, "tenantId");
    const fields = validate(createAbacPolicySchema, input, "input");
    return this.database.transaction(async (tx) => {
      const preconditions = await this.authority.preconditions(tx, tenant_id, fields, caller);
      this.authority.require(preconditions, fields, fields.mode, caller);
      if ((await this.store.find(tx, tenant_id, fields)) !== undefined) {
        throw new AbacPolicyAlreadyExistsError(tenant_id, abacPolicyKey(fields));
      }
      const created = await this.store.insert(tx, { id: this.ids.next(), tenant_id, ...fields });
      await this.log.record(tx, caller, ...creationRecords(created));
      return created;
    });
  }

  /**
   * Deletes the tenant's policy, and those of the same resource_type, action and name below.
   *
   * @throws ValidationError, TenantNotFoundError, TenantSuspendedError, TenantArchivedError,
   *   AbacPolicyNotFoundError, AbacPolicyLockedError, VersionConflictError, TenantTreeBusyError
   */
  async deleteAbacPolicy(
    tenantId: string,
    policyId: string,
    options?: DeleteAbacPolicyInput | AuditContext,
    audit?: AuditContext,
  ): Promise<void> {
    const validTenantId = validate(tenantIdSchema, tenantId, "tenantId");
    const validPolicyId = validate(tenantIdSchema, policyId, "policyId");
    const call = readOptions(deleteAbacPolicySchema, options, audit);
    await this.database.transaction(async (tx) => {
      const { policy, preconditions } = await this.found(
        tx,
        validTenantId,
        validPolicyId,
        call.caller,
      );
      this.authority.require(preconditions, policy, null, call.caller);
      requireVersion(policy, call.options.expected_version, "ABAC policy");
      await this.log.recordBulk(tx, call.caller, {
        ...this.store.cascade(preconditions.path, policy),
        action: "abac_policy.deleted",
        event: deletionEvent(policy),
      });
    });
  }

  /** The policy, read under the lock of its key; which key that is never changes. */
  private async found(
    tx: Transaction,
    tenantId: string,
    policyId: string,
    caller: Caller,
  ): Promise<{ policy: AbacPolicy; preconditions: AbacPreconditions }> {
    const before = await this.store.findById(tx, tenantId, policyId);
    const preconditions = await this.authority.preconditions(
      tx,
      tenantId,
      before ?? NO_POLICY,
      caller,
    );
    const policy = before && (await this.store.findById(tx, tenantId, policyId));
    if (policy === undefined) throw new AbacPolicyNotFoundError(tenantId, policyId);
    return { policy, preconditions };
  }
}
