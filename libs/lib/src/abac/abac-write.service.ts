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
  type AbacApi,
} from "@stratum-hq/core";
import { readOptions } from "../context/call-options";
import { currentCaller } from "../context/caller";
import { IdGenerator } from "../persistence/id-generator";
import type { Transaction } from "../persistence/transaction";
import { requireVersion } from "../tenancy/access";
import { Mutations, type MutationApproach } from "../tenancy/mutations";
import { AbacAuthority } from "./abac-authority";
import { creationRecords, deletionEvent } from "./abac-records";
import { AbacStore, type AbacPreconditions } from "./abac.store";

/** Stands for the key of a policy that is not there, so that the tenant is looked at all the same. */
const NO_POLICY: AbacPolicyIdentity = { resource_type: "", action: "", name: "" };

/** What every change does to the tenant, for the error of one that is not active. */
const CHANGE_POLICIES = "change the ABAC policies of";

/** What the chain says of a policy's key, with the tenant's own policy of it. */
type PolicySubject = AbacPreconditions & { readonly policy: AbacPolicy | undefined };

/** Creates and deletes tenants' own ABAC policies. */
@Injectable()
export class AbacWriteService implements Pick<AbacApi, "createAbacPolicy" | "deleteAbacPolicy"> {
  constructor(
    private readonly mutations: Mutations,
    private readonly authority: AbacAuthority,
    private readonly store: AbacStore,
    private readonly ids: IdGenerator,
  ) {}

  async createAbacPolicy(
    tenantId: string,
    input: CreateAbacPolicyInput,
    audit?: AuditContext,
  ): Promise<AbacPolicy> {
    const caller = currentCaller(audit);
    const tenant_id = validate(tenantIdSchema, tenantId, "tenantId");
    const fields = validate(createAbacPolicySchema, input, "input");
    const request = { tenant: tenant_id, caller, operation: CHANGE_POLICIES };
    const approach = this.authority.approach(tenant_id, fields);
    return this.mutations.run({ ...request, ...approach }, async (m) => {
      this.authority.require(m.tenant, fields, fields.mode, caller);
      if ((await this.store.find(m.tx, tenant_id, fields)) !== undefined) {
        throw new AbacPolicyAlreadyExistsError(tenant_id, abacPolicyKey(fields));
      }
      const created = await this.store.insert(m.tx, { id: this.ids.next(), tenant_id, ...fields });
      await m.record(...creationRecords(created));
      return created;
    });
  }

  async deleteAbacPolicy(
    tenantId: string,
    policyId: string,
    options?: DeleteAbacPolicyInput | AuditContext,
    audit?: AuditContext,
  ): Promise<void> {
    const validTenantId = validate(tenantIdSchema, tenantId, "tenantId");
    const validPolicyId = validate(tenantIdSchema, policyId, "policyId");
    const call = readOptions(deleteAbacPolicySchema, options, audit);
    const request = { tenant: validTenantId, caller: call.caller, operation: CHANGE_POLICIES };
    const prepare = (tx: Transaction) => this.approach(tx, validTenantId, validPolicyId);
    await this.mutations.run({ ...request, prepare }, async (m) => {
      const { path, policy } = m.tenant;
      if (policy === undefined) throw new AbacPolicyNotFoundError(validTenantId, validPolicyId);
      this.authority.require(m.tenant, policy, null, call.caller);
      requireVersion(policy, call.options.expected_version, "ABAC policy");
      await m.recordBulk({
        ...this.store.cascade(path, policy),
        action: "abac_policy.deleted",
        event: deletionEvent(policy),
      });
    });
  }

  /** Reads the policy under the lock of its key; which key that is never changes. */
  private async approach(
    tx: Transaction,
    tenantId: string,
    policyId: string,
  ): Promise<MutationApproach<PolicySubject>> {
    const before = await this.store.findById(tx, tenantId, policyId);
    const { lock, read } = this.authority.approach(tenantId, before ?? NO_POLICY);
    const readPolicy = async (): Promise<PolicySubject | undefined> => {
      const preconditions = await read(tx);
      const policy = before && (await this.store.findById(tx, tenantId, policyId));
      return preconditions && { ...preconditions, policy };
    };
    return { lock, read: readPolicy };
  }
}
