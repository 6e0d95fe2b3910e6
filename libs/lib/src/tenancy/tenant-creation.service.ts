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
  type JsonObject,
  type Tenant,
} from "@stratum-hq/core";
import { currentCaller, type Caller } from "../context/caller";
import { Database } from "../persistence/database";
import { IdGenerator } from "../persistence/id-generator";
import { MutationLog } from "../persistence/mutation-log";
import type { AuditChange, OutboxEvent } from "../persistence/mutation-log.store";
import type { CreationPlan, TenantDraft } from "./creation-plan";
import { tenantFor } from "./disclosure";
import type { NewConfigRow } from "./tenant-creation.store";
import { TenantInsertion } from "./tenant-insertion";
import { toTenant, type TenantRow } from "./tenant-row";

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
export class TenantCreationService {
  constructor(
    private readonly database: Database,
    private readonly insertion: TenantInsertion,
    private readonly log: MutationLog,
    private readonly ids: IdGenerator,
  ) {}

  /**
   * Creates a tenant under `parent_id`, or a root without one. A slug left out is derived from the
   * name, with `_2`, `_3` … where it is taken; `config` is set in the same transaction.
   *
   * @throws ValidationError, TenantNotFoundError for the parent, TenantSuspendedError or
   *   TenantArchivedError for its state, TenantAlreadyExistsError, TenantDepthExceededError,
   *   TenantLimitExceededError (`stratum.max_descendants` of a tenant above), ConfigLockedError for a key
   *   of `config`, TenantTreeBusyError, MasterKeyUnavailableError for a key that is sensitive above,
   *   IsolationNotAllowedError (`stratum.allowed_isolation`), StoragePrivilegeMissingError; and, where the
   *   tenant stays `provisioning`, what {@link ProvisioningService.provisionTenant} throws
   */
  async createTenant(input: CreateTenantInput, audit?: AuditContext): Promise<Tenant> {
    const caller = currentCaller(audit);
    const draft = this.draftOf(validate(createTenantSchema, input, "input"), null);
    const { tenants, errors, failures } = await this.create([draft], caller);
    const error = errors.get(0);
    if (error !== undefined) throw error;
    for (const failure of failures.values()) throw failure;
    return tenants[0] as Tenant;
  }

  /** Creates a root: {@link createTenant} without a parent, under the name that B2B products use. */
  async createOrganization(
    input: Omit<CreateTenantInput, "parent_id">,
    audit?: AuditContext,
  ): Promise<Tenant> {
    const organization = validate(createTenantSchema.omit({ parent_id: true }), input, "input");
    return this.createTenant(organization, audit);
  }

  /**
   * Creates up to 1,000 tenants, all or none, in a number of statements that does not grow with them.
   * A parent may be an earlier item (`parent_index`). Where any item is refused, nothing is created
   * and `errors` names every refused one. One whose database could not be made is `provisioning` still, and
   * its operation says why.
   *
   * @throws ValidationError when `inputs` is no list of 1 to 1,000 items; TenantLimitExceededError
   */
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
    const { created, errors } = await this.database.transaction(async (tx) => {
      const inserted = await this.insertion.insert(tx, drafts, caller);
      if (inserted.errors.size === 0)
        await this.log.record(tx, caller, ...recordsOf(inserted.created, inserted.config));
      return inserted;
    });
    const { rows, failures } = await this.insertion.finish(created);
    return { tenants: rows.map((row) => tenantFor(caller, row)), errors, failures };
  }
}

/** One audit row for each tenant; one event for each tenant and each of its configuration entries. */
function recordsOf(
  rows: readonly TenantRow[],
  config: readonly NewConfigRow[],
): [AuditChange[], OutboxEvent[]] {
  const states = new Map<string, [string, JsonObject][]>();
  for (const { tenant_id, key, value, sensitive } of config) {
    const own = states.get(tenant_id) ?? [];
    own.push([key, { key, value, locked: false, sensitive, version: 1 }]);
    states.set(tenant_id, own);
  }
  const changes = rows.map((row): AuditChange => {
    const own = states.get(row.id);
    return {
      action: "tenant.created",
      resource_type: "tenant",
      resource_id: row.id,
      tenant_id: row.id,
      before: null,
      after:
        own === undefined ? toTenant(row) : { ...toTenant(row), config: Object.fromEntries(own) },
    };
  });
  const events = rows.map((row): OutboxEvent => ({
    type: "tenant.created",
    tenant_id: row.id,
    data: toTenant(row),
  }));
  for (const { tenant_id, key } of config) {
    events.push({ type: "config.updated", tenant_id, data: { key, version: 1 } });
  }
  return [changes, events];
}

function refused(errors: ReadonlyMap<number, StratumError>): BatchCreateResult<Tenant> {
  return {
    created: [],
    errors: [...errors]
      .sort(([a], [b]) => a - b)
      .map(([index, { code, message }]) => ({ index, code, error: message })),
  };
}
