import { Injectable } from "@nestjs/common";
import {
  canTransition,
  ForbiddenError,
  InternalError,
  InvalidTenantStateError,
  isBelow,
  OperationInProgressError,
  purgeTenantSchema,
  STATUS_TRANSITIONS,
  TenantHasChildrenError,
  tenantIdSchema,
  TenantOnLegalHoldError,
  validate,
  type AuditContext,
  type PurgeCertificate,
  type PurgeTenantInput,
  type GdprApi,
} from "@stratum-hq/core";
import { readOptions } from "../context/call-options";
import { requireScopes } from "../context/authorization";
import type { OperationRow } from "../operations/operation-row";
import { OperationRunner } from "../operations/operation-runner";
import { knownTo } from "../tenancy/disclosure";
import type { Mutation } from "../tenancy/mutation";
import { Mutations } from "../tenancy/mutations";
import type { TenantRow } from "../tenancy/tenant-row";
import { toCertificate } from "./purge-certificate.service";
import { PurgeCertificateStore } from "./purge-certificate.store";
import { PurgeStore } from "./purge.store";
import { TenantEraser } from "./tenant-eraser";

/** Erases tenants (GDPR, article 17). */
@Injectable()
export class PurgeService implements Pick<GdprApi, "purgeTenant"> {
  constructor(
    private readonly mutations: Mutations,
    private readonly runner: OperationRunner,
    private readonly store: PurgeStore,
    private readonly certificates: PurgeCertificateStore,
    private readonly eraser: TenantEraser,
  ) {}

  async purgeTenant(
    id: string,
    options?: PurgeTenantInput | AuditContext,
    audit?: AuditContext,
  ): Promise<PurgeCertificate> {
    const { options: given, caller } = readOptions(purgeTenantSchema, options, audit);
    requireScopes(caller, ["gdpr:purge"]);
    const tenantId = validate(tenantIdSchema, id, "id");
    const subtree = given.subtree ?? false;
    const lock = { tree: "exclusive", row: true } as const;
    const request = { tenant: tenantId, caller, operation: null, lock };
    const operation = await this.mutations.run(request, async (m) => {
      requireBelowBound(m);
      await this.requireNoObstacle(m, subtree);
      return this.begin(m, subtree);
    });
    await this.runner.run(operation);
    const certificate = toCertificate(await this.certificates.find(operation.id));
    if (certificate === null) throw new InternalError(new Error("a purge without certificate"));
    return certificate;
  }
  private async requireNoObstacle(
    { tx, caller, tenant }: Mutation<TenantRow>,
    subtree: boolean,
  ): Promise<void> {
    const { id, path, status } = tenant;
    const { purge_id, held, has_children } = await this.store.obstacles(tx, tenant);
    if (purge_id !== null) throw new OperationInProgressError(purge_id, "purge", id);
    if (!canTransition("purge", status)) {
      throw new InvalidTenantStateError(id, status, "purge", STATUS_TRANSITIONS.purge.from);
    }
    if (held !== null) throw new TenantOnLegalHoldError(knownTo(caller, path, held), "purge");
    if (has_children && !subtree) throw new TenantHasChildrenError(id, "purge");
  }

  /**
   * Shuts the tenants for good, and writes the operation that takes them away: what has to be short, since
   * it holds the tree's lock. The operation stands at the parent: the tenant's own records go with it. It
   * cannot be cancelled, since what is gone does not come back.
   *
   * @throws MaintenanceRoleMissingError, PurgeBlockedError
   */
  private async begin(m: Mutation<TenantRow>, subtree: boolean): Promise<OperationRow> {
    const { tx, caller, tenant } = m;
    const { id: tenant_id, parent_id } = tenant;
    await this.eraser.requirePrivilege(tx, tenant_id);
    await this.eraser.requireErasable(tx, await this.store.idsOf(tx, tenant));
    const operation = await this.runner.start(tx, caller, {
      ...{ type: "purge", tenant_id: parent_id, cancellable: false },
    });
    const { id } = operation;
    const tenants = await this.store.mark(tx, tenant, id);
    await this.certificates.insert(tx, caller, { id, tenant_id, parent_id, subtree, tenants });
    const after = { certificate_id: id, subtree, tenants };
    const change = {
      ...{ action: "tenant.purging", resource_type: "tenant", resource_id: tenant_id },
      ...{ tenant_id: null, before: { status: tenant.status }, after },
    };
    // Of no interest to subscribers: it makes caches forget, so that keys are refused at once.
    const event = { type: "tenant.purging", tenant_id, data: { certificate_id: id } };
    await m.record([change], [event]);
    return operation;
  }
}

/** Who belongs to a tenant does not decide whether that tenant itself exists. */
function requireBelowBound({ caller, tenant }: Mutation<TenantRow>): void {
  if (caller.bound_to === null || isBelow(tenant.path, caller.bound_to)) return;
  throw new ForbiddenError("A tenant is purged by the level above it. Ask that level.", {
    tenant_id: tenant.id,
  });
}
