import { Injectable } from "@nestjs/common";
import type { StratumError } from "@stratum-hq/core";
import type { Caller } from "../context/caller";
import type { Transaction } from "../persistence/transaction";
import { planCreation, type CreationPlan, type TenantDraft } from "./creation-plan";
import { requireDescendantLimits } from "./descendant-limits.store";
import { namesOfExternalId, namesOfSlug, namesOfSlugBase, slugBaseOf } from "./slug";
import {
  TenantCreationStore,
  type NewConfigRow,
  type PreconditionsQuery,
} from "./tenant-creation.store";
import type { TenantRow } from "./tenant-row";
import { TenantStorages } from "./tenant-storages";
import { TenantStore } from "./tenant.store";
import { requireSameTree, TreeLocksStore } from "./tree-locks.store";

/** What was inserted, or why nothing was. */
export interface InsertedTenants {
  /** In the order of the drafts. */
  readonly created: readonly TenantRow[];
  readonly config: readonly NewConfigRow[];
  /** The drafts that are refused, by their index. */
  readonly errors: ReadonlyMap<number, StratumError>;
}

/** Puts tenants into the tree, under its locks, each with the storage that its rows will be in. */
@Injectable()
export class TenantInsertion {
  constructor(
    private readonly locks: TreeLocksStore,
    private readonly store: TenantCreationStore,
    private readonly storages: TenantStorages,
    private readonly tenants: TenantStore,
  ) {}

  /**
   * Inserts all drafts, or none of them.
   *
   * @throws TenantLimitExceededError, IsolationNotAllowedError for a strategy that there is no storage for,
   *   StoragePrivilegeMissingError
   */
  async insert(
    tx: Transaction,
    drafts: readonly TenantDraft[],
    caller: Caller,
  ): Promise<InsertedTenants> {
    const { tenants, config, limited, errors } = await this.planUnderLocks(tx, drafts, caller);
    if (errors.size > 0) return { created: [], config: [], errors };
    const rows = await this.store.insert(tx, tenants, config);
    const paths = rows.map(({ path }) => path);
    if (limited) await requireDescendantLimits(tx, paths, caller);
    const byId = new Map(rows.map((row) => [row.id, row]));
    const created = drafts.map(({ id }) => byId.get(id) as TenantRow);
    await this.storages.provision(tx, created, caller);
    return { created, config, errors };
  }

  /**
   * Waits, after the commit, for storage that no transaction can make: the tenants as they are then, and what
   * making it failed with.
   */
  async finish(
    created: readonly TenantRow[],
  ): Promise<{ rows: readonly TenantRow[]; failures: ReadonlyMap<string, unknown> }> {
    const waiting = created.flatMap(({ id, status }) => (status === "provisioning" ? id : []));
    if (waiting.length === 0) return { rows: created, failures: new Map() };
    const failures = await this.storages.finish(waiting);
    const found = await this.tenants.findByIds(waiting);
    const now = new Map(found.map((row) => [row.id, row]));
    return { rows: created.map((row) => now.get(row.id) ?? row), failures };
  }

  private async planUnderLocks(
    tx: Transaction,
    drafts: readonly TenantDraft[],
    caller: Caller,
  ): Promise<CreationPlan> {
    const query = preconditionsOf(drafts);
    const held = await this.locks.lock(tx, {
      tenants: query.parents,
      tree: "shared",
      keys: { of: query.configKeys, mode: "shared" },
      names: drafts.flatMap((draft) => [
        ...(draft.slug === undefined
          ? namesOfSlugBase(slugBaseOf(draft.name))
          : namesOfSlug(draft.slug)),
        ...namesOfExternalId(draft.external_id),
      ]),
    });
    const preconditions = await this.store.preconditions(tx, query);
    for (const parent of preconditions.parents) requireSameTree(held, parent);
    const freeSlugs = await this.store.freeSlugs(
      tx,
      crowdedBases(drafts, preconditions.taken_slugs),
      drafts.flatMap(({ slug }) => slug ?? []),
    );
    return planCreation(drafts, preconditions, freeSlugs, caller);
  }
}

function preconditionsOf(drafts: readonly TenantDraft[]): PreconditionsQuery {
  const created = new Set(drafts.map((draft) => draft.id));
  const parents = drafts.flatMap(({ parent_id }) =>
    parent_id === null || created.has(parent_id) ? [] : [parent_id],
  );
  return {
    parents: [...new Set(parents)],
    roots: drafts.some(({ parent_id }) => parent_id === null),
    slugs: [...new Set(drafts.map(({ slug, name }) => slug ?? slugBaseOf(name)))],
    externalIds: drafts.flatMap(({ external_id }) => external_id ?? []),
    regions: [...new Set(drafts.flatMap(({ region_id }) => region_id ?? []))],
    configKeys: [...new Set(drafts.flatMap(({ config }) => Object.keys(config)))],
  };
}

/** Bases that are taken, or wanted more than once: their tenants get numbered slugs. */
function crowdedBases(drafts: readonly TenantDraft[], taken: readonly string[]) {
  const wanted = new Map<string, number>();
  for (const { slug, name } of drafts) {
    if (slug !== undefined) continue;
    const base = slugBaseOf(name);
    wanted.set(base, (wanted.get(base) ?? 0) + 1);
  }
  return [...wanted]
    .filter(([base, count]) => count > 1 || taken.includes(base))
    .map(([base, count]) => ({ base, wanted: count }));
}
