import { Injectable } from "@nestjs/common";
import {
  chainOf,
  externalIdSchema,
  jsonEqual,
  runInTenantSchema,
  ScopeIncompleteError,
  slugSchema,
  TenantArchivedError,
  TenantNotFoundError,
  tenantIdSchema,
  updateTenantSchema,
  validate,
  type AuditContext,
  type RunInTenantOptions,
  type Tenant,
  type UpdateTenantInput,
  type TenancyApi,
} from "@stratum-hq/core";
import { currentCaller, type Caller } from "../context/caller";
import { runInContext } from "../context/tenant-context";
import { TransactionRestart, type Transaction } from "../persistence/transaction";
import { ApartStore } from "./apart.store";
import { requireActive, requireVersion, requireVisible } from "./access";
import { legalHoldAfter } from "./legal-hold";
import { namesOfExternalId, namesOfSlug } from "./slug";
import { tenantFor } from "./disclosure";
import type { Mutation } from "./mutation";
import { Mutations, type MutationApproach } from "./mutations";
import { toTenant, type TenantRow } from "./tenant-row";
import { TenantStore, type TenantFields } from "./tenant.store";

type Update = ReturnType<typeof updateTenantSchema.parse>;

/** Reads and renames single tenants. */
@Injectable()
export class TenantService implements Pick<
  TenancyApi,
  "getTenant" | "getTenantBySlug" | "getTenantByExternalId" | "getOrganization" | "updateTenant"
> {
  constructor(
    private readonly mutations: Mutations,
    private readonly store: TenantStore,
    private readonly apart: ApartStore,
  ) {}

  async getTenant(id: string, includeArchived = false): Promise<Tenant> {
    const tenantId = validate(tenantIdSchema, id, "id");
    const row = await this.store.findById(tenantId);
    return this.found(row, { tenant_id: tenantId }, includeArchived);
  }

  async getTenantBySlug(slug: string, includeArchived = false): Promise<Tenant> {
    const valid = validate(slugSchema, slug, "slug");
    return this.found(await this.store.findBySlug(valid), { slug: valid }, includeArchived);
  }

  async getTenantByExternalId(
    treeOf: string,
    externalId: string,
    includeArchived = false,
  ): Promise<Tenant> {
    const tenantId = validate(tenantIdSchema, treeOf, "treeOf");
    const valid = validate(externalIdSchema, externalId, "externalId");
    const caller = currentCaller();
    // Whether a foreign tenant is in the caller's tree is nobody's business but those who see it.
    if (caller.bound_to !== null) {
      requireVisible(await this.store.findById(tenantId), caller, { tenant_id: tenantId });
    }
    const row = await this.store.findByExternalId(tenantId, valid);
    return this.found(row, { external_id: valid }, includeArchived);
  }

  async getOrganization(id: string, includeArchived = false): Promise<Tenant> {
    const tenant = await this.getTenant(id, includeArchived);
    if (tenant.parent_id !== null) throw new TenantNotFoundError({ tenant_id: tenant.id });
    return tenant;
  }

  async updateTenant(id: string, patch: UpdateTenantInput, audit?: AuditContext): Promise<Tenant> {
    const caller = currentCaller(audit);
    const tenantId = validate(tenantIdSchema, id, "id");
    const update = validate(updateTenantSchema, patch, "patch");
    const prepare = (tx: Transaction) => this.updateApproach(tx, tenantId, update);
    return this.mutations.run({ tenant: tenantId, caller, operation: null, prepare }, async (m) => {
      const row = m.tenant;
      if (!isHoldOfShutTenant(row, update)) requireActive(row, "update");
      requireVersion(row, update.expected_version);
      const fields = merged(row, update, caller);
      return unchanged(row, fields) ? tenantFor(caller, row) : this.write(m, fields);
    });
  }

  /**
   * Runs `work` with the tenant in context: {@link Stratum.currentTenantId} answers it inside, however
   * deep and however asynchronous.
   *
   * @param options `scope: "subtree"` lets the tenants' pool read the rows of the tenants below too, and write
   *   the tenant's own; `partial: true` does without those that have their rows elsewhere
   * @throws TenantNotFoundError, TenantSuspendedError, TenantArchivedError, ScopeIncompleteError
   */
  async runInTenant<T>(
    id: string,
    work: () => T | Promise<T>,
    options: RunInTenantOptions = {},
  ): Promise<T> {
    const { scope, partial } = validate(runInTenantSchema, options, "options");
    const tenantId = validate(tenantIdSchema, id, "id");
    const row = requireVisible(await this.store.findById(tenantId), currentCaller(), {
      tenant_id: tenantId,
    });
    requireActive(row, "run in");
    const { id: tenant_id, path, isolation_strategy, region_id } = row;
    if (scope === "subtree" && !partial) {
      const { count, tenants } = await this.apart.below(path, isolation_strategy);
      if (count > 0) throw new ScopeIncompleteError(tenant_id, count, tenants);
    }
    const context = { tenant_id, chain: chainOf(path), isolation_strategy, region_id, scope };
    return runInContext(context, async () => work());
  }

  private found(
    row: TenantRow | undefined,
    lookup: ConstructorParameters<typeof TenantNotFoundError>[0],
    includeArchived: boolean,
  ): Tenant {
    const caller = currentCaller();
    const visible = requireVisible(row, caller, lookup);
    if (visible.status === "archived" && !includeArchived) {
      throw new TenantArchivedError(visible.id);
    }
    return tenantFor(caller, visible);
  }

  /**
   * Locks the row; before it, where the update renames, the names that it takes and those that it gives
   * up, so that two tenants which swap names wait for each other in one order only.
   */
  private async updateApproach(
    tx: Transaction,
    tenantId: string,
    update: Update,
  ): Promise<MutationApproach<TenantRow>> {
    const renames = update.slug !== undefined || update.external_id !== undefined;
    // A purge reads holds under the exclusive lock of the tree.
    if (!renames && update.legal_hold === undefined) return { lock: { tree: "none", row: true } };
    const before = await this.store.findById(tenantId, tx);
    const read = async (): Promise<TenantRow | undefined> => {
      const [row] = await this.store.findForUpdate(tx, [tenantId]);
      if (row?.slug !== before?.slug || row?.external_id !== before?.external_id) {
        throw new TransactionRestart(`tenant ${tenantId} was renamed meanwhile`);
      }
      return row;
    };
    return { lock: { names: before && renames ? namesOf(before, update) : [] }, read };
  }

  private async write(m: Mutation<TenantRow>, fields: TenantFields): Promise<Tenant> {
    const { tx, caller, tenant: row } = m;
    const updated = await this.store.update(tx, row.id, fields);
    const after = toTenant(updated);
    const change = {
      action: "tenant.updated",
      resource_type: "tenant",
      resource_id: row.id,
      tenant_id: row.id,
      before: toTenant(row),
      after,
    };
    const event = { type: "tenant.updated", tenant_id: row.id, data: after };
    await m.record([change], [event]);
    return tenantFor(caller, updated);
  }
}

/** The names that a tenant has, and those that an update gives it. */
function namesOf(before: TenantRow, update: Update): string[] {
  const after = {
    slug: update.slug ?? before.slug,
    external_id: update.external_id === undefined ? before.external_id : update.external_id,
  };
  return [before, after].flatMap(({ slug, external_id }) => [
    ...namesOfSlug(slug),
    ...namesOfExternalId(external_id),
  ]);
}

function merged(row: TenantRow, update: Update, caller: Caller): TenantFields {
  return {
    ...legalHoldAfter(row, update.legal_hold, caller),
    name: update.name ?? row.name,
    slug: update.slug ?? row.slug,
    external_id: update.external_id === undefined ? row.external_id : update.external_id,
    metadata: update.metadata ?? row.metadata,
  };
}

function unchanged(row: TenantRow, fields: TenantFields): boolean {
  return (
    row.name === fields.name &&
    row.slug === fields.slug &&
    row.external_id === fields.external_id &&
    row.legal_hold === fields.legal_hold &&
    row.held_by === fields.held_by &&
    jsonEqual(row.metadata, fields.metadata)
  );
}

function isHoldAlone(update: Update): boolean {
  const given = Object.keys(update).filter((field) => field !== "expected_version");
  return given.length === 1 && update.legal_hold !== undefined;
}

/** Whether nothing but the legal hold changes, of a tenant that is shut. Its own callers do not get this far. */
function isHoldOfShutTenant({ status }: TenantRow, update: Update): boolean {
  return (status === "suspended" || status === "archived") && isHoldAlone(update);
}
