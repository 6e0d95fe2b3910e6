import { Injectable } from "@nestjs/common";
import {
  batchCreateTenantsSchema,
  batchTenantSchema,
  createTenantSchema,
  ForbiddenError,
  StratumError,
  validate,
  ValidationError,
  type AuditContext,
  type BatchCreateResult,
  type BatchTenantInput,
  type CreateTenantInput,
  type Tenant,
  type TenancyApi,
} from "@stratum-hq/core";
import { currentCaller, type Caller } from "../context/caller";
import { IdGenerator } from "../persistence/id-generator";
import { creationLock, crowdedBases, preconditionsOf } from "./creation-locks";
import { planCreation, type CreationPlan, type TenantDraft } from "./creation-plan";
import { creationRecords } from "./creation-records";
import { requireDescendantLimits } from "./descendant-limits.store";
import { tenantFor } from "./disclosure";
import type { Mutation } from "./mutation";
import { Mutations } from "./mutations";
import { TenantCreationStore, type PreconditionsQuery } from "./tenant-creation.store";
import type { TenantRow } from "./tenant-row";
import { TenantStorages } from "./tenant-storages";
import { TenantStore } from "./tenant.store";

type ParsedTenant = ReturnType<typeof createTenantSchema.parse>;
type ParsedItem = ReturnType<typeof batchTenantSchema.parse>;

/** What a creation came to. */
interface Created {
  readonly tenants: Tenant[];
  /** The drafts that are refused, by their index: then nothing was created. */
  readonly errors: CreationPlan["errors"];
  /** Why tenants are not active yet, by their ids. */
  readonly failures: ReadonlyMap<string, unknown>;
}

/** Adds tenants to the tree. */
@Injectable()
export class TenantCreationService implements Pick<
  TenancyApi,
  "createTenant" | "createOrganization" | "batchCreateTenants"
> {
  constructor(
    private readonly mutations: Mutations,
    private readonly store: TenantCreationStore,
    private readonly storages: TenantStorages,
    private readonly tenants: TenantStore,
    private readonly ids: IdGenerator,
  ) {}

  async createTenant(input: CreateTenantInput, audit?: AuditContext): Promise<Tenant> {
    const caller = currentCaller(audit);
    const draft = this.draftOf(validate(createTenantSchema, input, "input"), null);
    const { tenants, errors, failures } = await this.create([draft], caller);
    const error = errors.get(0);
    if (error !== undefined) throw error;
    for (const failure of failures.values()) throw failure;
    return tenants[0] as Tenant;
  }

  async createOrganization(
    input: Omit<CreateTenantInput, "parent_id">,
    audit?: AuditContext,
  ): Promise<Tenant> {
    const organization = validate(createTenantSchema.omit({ parent_id: true }), input, "input");
    return this.createTenant(organization, audit);
  }

  async batchCreateTenants(
    inputs: readonly BatchTenantInput[],
    audit?: AuditContext,
  ): Promise<BatchCreateResult<Tenant>> {
    const caller = currentCaller(audit);
    const items = validate(batchCreateTenantsSchema, inputs, "inputs");
    const errors = new Map<number, StratumError>();
    const drafts: TenantDraft[] = [];
    items.forEach((item, index) => {
      try {
        drafts.push(this.batchDraft(item, index, drafts));
      } catch (error) {
        if (!(error instanceof StratumError)) throw error;
        errors.set(index, error);
        // Keeps later items' parent_index right; the batch is refused in any case.
        drafts.push(this.draftOf({ name: "refused" }, null));
      }
    });
    if (errors.size > 0) return refused(errors);
    const created = await this.create(drafts, caller);
    return created.errors.size > 0
      ? refused(created.errors)
      : { created: created.tenants, errors: [] };
  }

  private batchDraft(item: unknown, index: number, earlier: readonly TenantDraft[]): TenantDraft {
    const parsed: ParsedItem = validate(batchTenantSchema, item, `inputs[${index}]`);
    if (parsed.parent_index === undefined) return this.draftOf(parsed, null);
    const parent = earlier[parsed.parent_index];
    if (parent === undefined) {
      const message = "expected the index of an earlier item";
      throw new ValidationError(`inputs[${index}]`, [{ path: "parent_index", message }]);
    }
    return this.draftOf(parsed, parent.id);
  }

  private draftOf(input: ParsedTenant, parentInBatch: string | null): TenantDraft {
    return {
      id: this.ids.next(),
      name: input.name,
      slug: input.slug,
      external_id: input.external_id ?? null,
      metadata: input.metadata ?? {},
      config: input.config ?? {},
      isolation_strategy: input.isolation_strategy,
      region_id: input.region_id,
      parent_id: parentInBatch ?? input.parent_id ?? null,
    };
  }

  private async create(drafts: readonly TenantDraft[], caller: Caller): Promise<Created> {
    if (caller.bound_to !== null && drafts.some((draft) => draft.parent_id === null)) {
      throw new ForbiddenError("Only the platform creates roots. Name a parent_id.", {
        tenant_id: caller.bound_to,
      });
    }
    const query = preconditionsOf(drafts);
    const lock = creationLock(drafts, query);
    const { created, errors } = await this.mutations.runWithoutTenant({ caller, lock }, (m) =>
      this.insert(m, drafts, query),
    );
    const { rows, failures } = await this.finish(created);
    return { tenants: rows.map((row) => tenantFor(caller, row)), errors, failures };
  }

  /** Inserts all drafts in their order, each with the storage that its rows will be in; or none of them. */
  private async insert(
    m: Mutation<null>,
    drafts: readonly TenantDraft[],
    query: PreconditionsQuery,
  ): Promise<{ created: readonly TenantRow[]; errors: CreationPlan["errors"] }> {
    const { tx, caller } = m;
    const { tenants, config, limited, errors } = await this.plan(m, drafts, query);
    if (errors.size > 0) return { created: [], errors };
    const rows = await this.store.insert(tx, tenants, config);
    const paths = rows.map(({ path }) => path);
    if (limited) await requireDescendantLimits(tx, paths, caller);
    const byId = new Map(rows.map((row) => [row.id, row]));
    const created = drafts.map(({ id }) => byId.get(id) as TenantRow);
    await this.storages.provision(tx, created, caller);
    await m.record(...creationRecords(created, config));
    return { created, errors };
  }

  private async plan(
    m: Mutation<null>,
    drafts: readonly TenantDraft[],
    query: PreconditionsQuery,
  ): Promise<CreationPlan> {
    const preconditions = await this.store.preconditions(m.tx, query);
    for (const parent of preconditions.parents) m.requireSameTree(parent);
    const freeSlugs = await this.store.freeSlugs(
      m.tx,
      crowdedBases(drafts, preconditions.taken_slugs),
      drafts.flatMap(({ slug }) => slug ?? []),
    );
    return planCreation(drafts, preconditions, freeSlugs, m.caller);
  }

  /**
   * Waits, after the commit, for storage that no transaction can make: the tenants as they are then, and what
   * making it failed with.
   */
  private async finish(
    created: readonly TenantRow[],
  ): Promise<{ rows: readonly TenantRow[]; failures: ReadonlyMap<string, unknown> }> {
    const waiting = created.flatMap(({ id, status }) => (status === "provisioning" ? id : []));
    if (waiting.length === 0) return { rows: created, failures: new Map() };
    const failures = await this.storages.finish(waiting);
    const found = await this.tenants.findByIds(waiting);
    const now = new Map(found.map((row) => [row.id, row]));
    return { rows: created.map((row) => now.get(row.id) ?? row), failures };
  }
}

function refused(errors: ReadonlyMap<number, StratumError>): BatchCreateResult<Tenant> {
  return {
    created: [],
    errors: [...errors]
      .sort(([a], [b]) => a - b)
      .map(([index, { code, message }]) => ({ index, code, error: message })),
  };
}
