import {
  childPath,
  ConfigLockedError,
  depthOf,
  isWithin,
  MAX_DESCENDANTS_KEY,
  MAX_TREE_DEPTH,
  rootOf,
  TenantAlreadyExistsError,
  TenantDepthExceededError,
  TenantNotFoundError,
  type IsolationStrategy,
  type JsonValue,
  type StratumError,
  type TenantPath,
  type TenantStatus,
} from "@stratum-hq/core";
import type { Caller } from "../context/caller";
import { inactivityOf, isVisibleAsked } from "./access";
import { creationRegion } from "./creation-region";
import { knownTo } from "./disclosure";
import { isolationProblem, ruleBelow, ruleOf, type IsolationRule } from "./isolation-rule";
import { slugBaseOf } from "./slug";
import type {
  FreeSlugs,
  NewConfigRow,
  NewTenantRow,
  Preconditions,
  RegionOfTenant,
} from "./tenant-creation.store";
import type { TenantRow } from "./tenant-row";

/** A tenant to create, with the id it will have. */
export interface TenantDraft {
  readonly id: string;
  readonly name: string;
  readonly slug: string | undefined;
  readonly external_id: string | null;
  readonly metadata: TenantRow["metadata"];
  readonly config: Readonly<Record<string, JsonValue>>;
  readonly isolation_strategy: IsolationStrategy | undefined;
  /** Null for none; undefined for the parent's. */
  readonly region_id: string | null | undefined;
  /** An existing tenant, or an earlier draft of the same call. */
  readonly parent_id: string | null;
}

export interface CreationPlan {
  readonly tenants: NewTenantRow[];
  readonly config: NewConfigRow[];
  /** Whether the number of descendants is limited above any of them. */
  readonly limited: boolean;
  /** The drafts that are refused, by their index. */
  readonly errors: ReadonlyMap<number, StratumError>;
}

interface Place {
  readonly path: TenantPath;
  readonly isolation_strategy: IsolationStrategy;
  readonly isolation: IsolationRule;
  readonly region: RegionOfTenant | null;
  readonly status: TenantStatus;
}

/** Decides what to insert for each draft, or why not, from what was read under the locks. */
export function planCreation(
  drafts: readonly TenantDraft[],
  preconditions: Preconditions,
  freeSlugs: FreeSlugs,
  caller: Caller,
): CreationPlan {
  return new Planner(preconditions, freeSlugs, caller).plan(drafts);
}

function strategyOf(draft: TenantDraft, parent: Place | null): IsolationStrategy {
  return draft.isolation_strategy ?? parent?.isolation_strategy ?? "SHARED_RLS";
}

/** A database is made after the tenant, which is active then, and so are those created with it below. */
function statusOf(strategy: IsolationStrategy, parent: Place | null): TenantStatus {
  return strategy === "DB_PER_TENANT" || parent?.status === "provisioning"
    ? "provisioning"
    : "active";
}

class Planner {
  private readonly parents: ReadonlyMap<string, Preconditions["parents"][number]>;
  private readonly placed = new Map<string, Place>();
  private readonly nextOrder = new Map<string | null, number>();
  private readonly slugs: Set<string>;
  private readonly externalIds: Set<string>;

  constructor(
    private readonly preconditions: Preconditions,
    private readonly freeSlugs: FreeSlugs,
    private readonly caller: Caller,
  ) {
    this.parents = new Map(preconditions.parents.map((parent) => [parent.id, parent]));
    this.nextOrder.set(null, preconditions.root_order);
    for (const parent of preconditions.parents) this.nextOrder.set(parent.id, parent.next_order);
    this.slugs = new Set(preconditions.taken_slugs);
    this.externalIds = new Set(
      preconditions.taken_external_ids.map(([root, id]) => `${root} ${id}`),
    );
  }

  plan(drafts: readonly TenantDraft[]): CreationPlan {
    const tenants: NewTenantRow[] = [];
    const config: NewConfigRow[] = [];
    const errors = new Map<number, StratumError>();
    drafts.forEach((draft, index) => {
      const parent = this.placeOf(draft.parent_id);
      const error = parent instanceof Error ? parent : this.problemOf(draft, parent);
      if (error !== null) errors.set(index, error);
      if (parent instanceof Error) return;
      const tenant = this.take(draft, parent);
      tenants.push(tenant);
      for (const [key, value] of Object.entries(draft.config)) {
        config.push({ tenant_id: tenant.id, key, value, sensitive: this.isSecret(tenant, key) });
      }
    });
    const limited =
      this.preconditions.parents.some((parent) => parent.limited) ||
      config.some(({ key }) => key === MAX_DESCENDANTS_KEY);
    return { tenants, config, limited, errors };
  }

  private placeOf(parentId: string | null): Place | null | StratumError {
    if (parentId === null) return null;
    const placed = this.placed.get(parentId);
    if (placed !== undefined) return placed;
    const parent = this.parents.get(parentId);
    if (parent === undefined || !isVisibleAsked(this.caller, parent.path)) {
      return new TenantNotFoundError({ tenant_id: parentId });
    }
    const isolation = ruleOf(parent.isolation_entries);
    return inactivityOf(parent, "create a tenant under") ?? { ...parent, isolation };
  }

  private problemOf(draft: TenantDraft, parent: Place | null): StratumError | null {
    const path = childPath(parent?.path ?? null, draft.id);
    const { slug, external_id } = draft;
    if (depthOf(path) > MAX_TREE_DEPTH) return new TenantDepthExceededError(depthOf(path));
    if (slug !== undefined && this.slugs.has(slug))
      return new TenantAlreadyExistsError("slug", slug);
    if (external_id !== null && this.externalIds.has(`${rootOf(path)} ${external_id}`)) {
      return new TenantAlreadyExistsError("external_id", external_id);
    }
    const region = this.regionOf(draft, parent);
    if (region instanceof Error) return region;
    const isolation = this.isolationProblemOf(draft, parent);
    if (isolation !== null) return isolation;
    const lock = this.preconditions.above.find(
      ({ key, tenant_id, locked }) =>
        locked && Object.hasOwn(draft.config, key) && isWithin(path, tenant_id),
    );
    return lock === undefined
      ? null
      : new ConfigLockedError(lock.key, knownTo(this.caller, path, lock.tenant_id));
  }

  /** Its own configuration may restrict a tenant further, and does not free it of what holds above. */
  private isolationProblemOf(draft: TenantDraft, parent: Place | null): StratumError | null {
    const strategy = strategyOf(draft, parent);
    return (
      isolationProblem(strategy, parent?.isolation ?? ruleOf([])) ??
      isolationProblem(strategy, this.ruleOf(draft, parent))
    );
  }

  private regionOf(
    { region_id }: TenantDraft,
    parent: Place | null,
  ): RegionOfTenant | null | StratumError {
    return creationRegion(
      region_id,
      parent?.region ?? null,
      this.preconditions.regions,
      this.caller,
    );
  }

  private ruleOf({ config }: TenantDraft, parent: Place | null): IsolationRule {
    return ruleBelow(parent?.isolation ?? ruleOf([]), config);
  }

  /** Whether a tenant above has made the key sensitive. */
  private isSecret({ path }: NewTenantRow, key: string): boolean {
    return this.preconditions.above.some(
      (entry) => entry.sensitive && entry.key === key && isWithin(path, entry.tenant_id),
    );
  }

  private take(draft: TenantDraft, parent: Place | null): NewTenantRow {
    const path = childPath(parent?.path ?? null, draft.id);
    const isolation_strategy = strategyOf(draft, parent);
    const isolation = this.ruleOf(draft, parent);
    const slug = draft.slug ?? this.deriveSlug(draft);
    const sort_order = this.nextOrder.get(draft.parent_id) ?? 0;
    this.nextOrder.set(draft.parent_id, sort_order + 1);
    const chosen = this.regionOf(draft, parent);
    const region = chosen instanceof Error ? null : chosen;
    const status = statusOf(isolation_strategy, parent);
    this.placed.set(draft.id, { path, isolation_strategy, isolation, region, status });
    this.slugs.add(slug);
    if (draft.external_id !== null) this.externalIds.add(`${rootOf(path)} ${draft.external_id}`);
    const { id, name, parent_id, external_id, metadata } = draft;
    return {
      id,
      parent_id,
      path,
      name,
      slug,
      external_id,
      metadata,
      isolation_strategy,
      status,
      region_id: region?.id ?? null,
      sort_order,
    };
  }

  private deriveSlug({ id, name }: TenantDraft): string {
    const base = slugBaseOf(name);
    if (!this.slugs.has(base)) return base;
    const free = this.freeSlugs.get(base)?.find((slug) => !this.slugs.has(slug));
    return free ?? `${base}_${id.slice(-8)}`;
  }
}
