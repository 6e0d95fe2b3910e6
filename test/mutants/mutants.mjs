// Each mutant removes one guard; `test` is what must then fail. `find` occurs exactly once in `file`.
import { ABAC_AND_USAGE_MUTANTS } from "./abac-usage.mjs";

const TENANCY = "libs/lib/src/tenancy";
const CONFIG = "libs/lib/src/config-inheritance";
const PERSISTENCE = "libs/lib/src/persistence";
const RACES = "test/concurrency/races.pg.spec.ts";
const TREE = `${TENANCY}/tenant-tree.pg.spec.ts`;
const STATUS = `${TENANCY}/tenant-status.pg.spec.ts`;

export const MUTANTS = [
  {
    name: "a move takes its trees' locks shared",
    file: `${TENANCY}/tenant-placement.service.ts`,
    find: `const held = await this.locks.lock(tx, { tenants, tree: "exclusive" });`,
    replace: `const held = await this.locks.lock(tx, { tenants, tree: "shared" });`,
    // Row locks then still forbid the cycle, by way of a deadlock.
    test: [RACES, "(two moves never close a cycle|none of which PostgreSQL had to end)"],
  },
  {
    name: "a move does not look for cycles",
    file: `${TENANCY}/tenant-placement.service.ts`,
    find: `if (isWithin(parent.path, tenant.id)) throw new TenantCycleDetectedError(tenant.id, parentId);`,
    replace: "",
    test: [TREE, "refuses cycles"],
  },
  {
    name: "a move does not measure how deep it gets",
    file: `${TENANCY}/tenant-placement.service.ts`,
    find: `if (depth > MAX_TREE_DEPTH) throw new TenantDepthExceededError(depth);`,
    replace: "",
    test: [TREE, "refuses cycles"],
  },
  {
    name: "a tree that changed while its lock was awaited goes unnoticed",
    file: `${TENANCY}/tree-locks.store.ts`,
    find: `if (held[tenant.id] !== tenant.path.slice(0, 32)) {`,
    replace: `if (held[tenant.id] === undefined) {`,
    test: [RACES, "a tenant created below a moving ancestor"],
  },
  {
    name: "a creation takes no lock on its tree",
    file: `${TENANCY}/tenant-creation.service.ts`,
    find: `      tenants: query.parents,
      tree: "shared",`,
    replace: `      tenants: [],
      tree: "shared",`,
    also: [`for (const parent of premises.parents) requireSameTree(held, parent);`, ""],
    test: [RACES, "archiveTenant and createTenant"],
  },
  {
    name: "a change of status takes its tree's lock shared",
    file: `${TENANCY}/tenant-status.service.ts`,
    find: `{ tenants: [id], tree: "exclusive" }`,
    replace: `{ tenants: [id], tree: "shared" }`,
    test: [RACES, "suspendTenant and createTenant"],
  },
  {
    name: "active children do not hold up a suspension",
    file: `${TENANCY}/tenant-status.service.ts`,
    find: `if (options.subtree === true) return;`,
    replace: `if (options.subtree !== undefined || options.reason === undefined) return;`,
    test: [STATUS, "refuses a tenant with active children"],
  },
  {
    name: "a resumption does not look at the parent",
    file: `${TENANCY}/tenant-status.service.ts`,
    find: `requireActive(parent, "resume a tenant under");`,
    replace: `void parent, requireActive;`,
    test: [STATUS, "refuses a tenant with active children"],
  },
  {
    name: "a subtree comes back below what stays shut",
    file: `${TENANCY}/tenant-status.store.ts`,
    find: `outcome <> 'active' or not exists (`,
    replace: `true or not exists (`,
    test: [STATUS, "never makes a tenant active below one that stays shut"],
  },
  {
    name: "whoever may see a tenant may resume it",
    file: `${TENANCY}/tenant-status.service.ts`,
    find: `if (caller.bound_to === null) return;`,
    replace: `if (caller.bound_to !== undefined) return;`,
    test: [STATUS, "does not resume what the platform"],
  },
  {
    name: "a creation does not look at its parent's status",
    file: `${TENANCY}/creation-plan.ts`,
    find: `return inactivityOf(parent, "create a tenant under") ?? parent;`,
    replace: `return (inactivityOf(parent, "create a tenant under"), parent);`,
    test: [TREE, "shut parents"],
  },
  {
    name: "a creation does not look for locked keys",
    file: `${TENANCY}/creation-plan.ts`,
    find: `return lock === undefined ? null : new ConfigLockedError(lock.key, lock.tenant_id);`,
    replace: `return (lock === undefined ? null : new ConfigLockedError(lock.key, lock.tenant_id), null);`,
    test: [TREE, "refuses configuration that a tenant above locks"],
  },
  {
    name: "names are not locked before they are taken",
    file: `${TENANCY}/tree-locks.store.ts`,
    find: `lockSlots(request.names ?? [], NAME_LOCK_SLOTS),`,
    replace: `lockSlots([], NAME_LOCK_SLOTS),`,
    test: [RACES, "sixty-four siblings"],
  },
  {
    name: "limits are counted without waiting for each other",
    file: `${TENANCY}/descendant-limits.store.ts`,
    find: `[...new Set(roots.map(lockKeyOf))].sort((a, b) => a - b),`,
    replace: `roots.slice(0, 0).map(lockKeyOf),`,
    test: [RACES, "the last place below a limited tenant"],
  },
  {
    name: "a reordering takes its tree's lock shared",
    file: `${TENANCY}/tenant-placement.service.ts`,
    find: `{ tenants: [tenantId], tree: "exclusive", roots }`,
    replace: `{ tenants: [tenantId], tree: "shared", roots }`,
    test: [RACES, "reorders of the same siblings"],
  },
  {
    name: "a bound caller sees everything",
    file: `${TENANCY}/access.ts`,
    find: `return caller.bound_to === null || isWithin(path, caller.bound_to);`,
    replace: `return caller.bound_to === null || isWithin(path, caller.bound_to) || path !== "";`,
    test: [TREE, "sees its own tenant and below"],
  },
  {
    name: "the audit argument lifts the caller's bound",
    file: "libs/lib/src/context/caller.ts",
    find: `return complete(validate(auditContextSchema, audit, "audit"), inContext.bound_to);`,
    replace: `return complete(validate(auditContextSchema, audit, "audit"), null);`,
    test: [TREE, "cannot be widened"],
  },
  {
    name: "locking a key takes its lock shared",
    file: `${CONFIG}/config-write.service.ts`,
    find: `inputs.some(({ locked }) => locked === true) ? "exclusive" : "shared"`,
    replace: `inputs.some(({ locked }) => locked === true) ? "shared" : "shared"`,
    test: [RACES, "no override commits after the lock"],
  },
  {
    name: "an override does not look for locks above",
    file: `${CONFIG}/config-plan.ts`,
    find: `return lock === undefined ? null : new ConfigLockedError(key, lock.tenant_id);`,
    replace: `return (lock === undefined ? null : new ConfigLockedError(key, lock.tenant_id)) && null;`,
    test: [`${CONFIG}/config.pg.spec.ts`, "lets the uppermost lock decide"],
  },
  {
    name: "two transactions write one tenant's entries at once",
    file: `${TENANCY}/tree-locks.store.ts`,
    find: `request.entriesOf === undefined ? [] : [lockKeyOf(request.entriesOf)],`,
    replace: `[],`,
    test: [RACES, "two dozen sets of one key"],
  },
  {
    name: "anybody may write reserved keys",
    file: `${CONFIG}/config-write.service.ts`,
    find: `const allowed = !isReservedKey(key) || bound_to === null || isBelow(path, bound_to);`,
    replace: `const allowed = !isReservedKey(key) || bound_to === null || isBelow(path, bound_to) || id !== "";`,
    test: [`${CONFIG}/config.pg.spec.ts`, "are set by a level strictly above"],
  },
  {
    name: "a mutation forgets its audit row",
    file: `${CONFIG}/config-write.service.ts`,
    find: `await this.log.record(tx, caller, ...record(written, before));`,
    replace: `void [caller, record, before];`,
    test: ["libs/lib/src/audit/audit.pg.spec.ts", "has a row, and the feed an event, of setConfig"],
  },
  {
    name: "processes migrate without waiting for each other",
    file: `${PERSISTENCE}/migrator.ts`,
    find: "await client.query(`select pg_advisory_xact_lock(${MIGRATION_LOCK})`);",
    replace: "void MIGRATION_LOCK;",
    test: [`${PERSISTENCE}/migrator.pg.spec.ts`, "twelve processes"],
  },
  {
    name: "a newer schema is not refused",
    file: `${PERSISTENCE}/migrator.ts`,
    find: `if (unknown.length > 0) throw new SchemaTooNewError(unknown);`,
    replace: `void SchemaTooNewError;`,
    test: [`${PERSISTENCE}/migrator.pg.spec.ts`, "refuses a schema that a newer release made"],
  },
  {
    name: "the pool keeps the listeners that were added to it",
    file: `${PERSISTENCE}/borrowed-pool.ts`,
    find: `for (const [event, listener] of listeners.splice(0)) pool.removeListener(event, listener);`,
    replace: `void listeners;`,
    test: ["libs/lib/src/stratum.pg.spec.ts", "works after close"],
  },
  {
    name: "a path's parent is not checked by the database",
    file: "migrations/src/1764028800000-tenant-tree.ts",
    find: `case when parent_id is null then nlevel(path) = 1`,
    replace: `case when parent_id is null then true`,
    test: [`${PERSISTENCE}/constraint-errors.pg.spec.ts`, "tenants_path_parent_check is answered"],
  },
  {
    name: "a cached configuration outlives a change above it",
    file: `${PERSISTENCE}/change-feed.ts`,
    find: `if ((this.#changedAt.get(tenantId) ?? 0) > stamp) return false;`,
    replace: `if ((this.#changedAt.get(tenantId) ?? 0) > stamp) return true;`,
    test: ["test/coherence.pg.spec.ts", "shows the next read of the same process"],
  },
  {
    name: "a process does not read what others changed",
    file: `${PERSISTENCE}/change-feed.ts`,
    find: `else this.announce(tenant_ids as readonly string[]);`,
    replace: `else void tenant_ids;`,
    test: ["test/coherence.pg.spec.ts", "shows another process within a second"],
  },
  {
    name: "the feed is read from a watermark instead of a snapshot",
    file: `${PERSISTENCE}/change-feed.store.ts`,
    find: `where tx >= pg_snapshot_xmin($1::pg_snapshot)
                  and not pg_visible_in_snapshot(tx, $1::pg_snapshot)`,
    replace: `where tx >= pg_snapshot_xmax($1::pg_snapshot)`,
    test: ["test/coherence.pg.spec.ts", "that commits after a later one"],
  },
  {
    name: "a cache that cannot read the feed goes on answering",
    file: `${PERSISTENCE}/change-feed.ts`,
    find: `      return false;
    }
    return this.isFresh();`,
    replace: `      return true;
    }
    return this.isFresh();`,
    test: ["test/coherence.pg.spec.ts", "steps aside"],
  },
  ...ABAC_AND_USAGE_MUTANTS,
];
