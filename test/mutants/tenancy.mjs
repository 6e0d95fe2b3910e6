// What keeps trees trees: locks, states, bounds.
const TENANCY = "libs/lib/src/tenancy";
const RACES = "test/concurrency/races.pg.spec.ts";
const TREE = `${TENANCY}/tenant-tree.pg.spec.ts`;
const STATUS = `${TENANCY}/tenant-status.pg.spec.ts`;

export const TENANCY_MUTANTS = [
  {
    name: "a move takes its trees' locks shared",
    file: `${TENANCY}/tenant-move.service.ts`,
    find: `lock: { tree: "exclusive", others },`,
    replace: `lock: { tree: "shared", others },`,
    // Row locks then still forbid the cycle, by way of a deadlock.
    test: [RACES, "(two moves never close a cycle|none of which PostgreSQL had to end)"],
  },
  {
    name: "a move does not look for cycles",
    file: `${TENANCY}/tenant-move.service.ts`,
    find: `if (isWithin(parent.path, tenant.id)) throw new TenantCycleDetectedError(tenant.id, parentId);`,
    replace: "",
    test: [TREE, "refuses cycles"],
  },
  {
    name: "a move does not measure how deep it gets",
    file: `${TENANCY}/tenant-move.service.ts`,
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
    file: "libs/lib/src/tenancy/creation-locks.ts",
    find: `    tenants: parents,
    tree: "shared",`,
    replace: `    tenants: [],
    tree: "shared",`,
    test: [RACES, "archiveTenant and createTenant"],
  },
  {
    name: "a creation does not notice that a parent has changed trees",
    file: "libs/lib/src/tenancy/tenant-creation.service.ts",
    find: `for (const parent of preconditions.parents) m.requireSameTree(parent);`,
    replace: ``,
    test: ["test/concurrency/races.pg.spec.ts", "a tenant created below a moving ancestor"],
  },
  {
    name: "a change of status takes its tree's lock shared",
    file: `${TENANCY}/tenant-status.service.ts`,
    find: `const lock = { tree: "exclusive", row: true } as const;`,
    replace: `const lock = { tree: "shared", row: true } as const;`,
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
    find: `requireActive({ ...parent, id }, "resume a tenant under");`,
    replace: `void id, requireActive;`,
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
    find: `return inactivityOf(parent, "create a tenant under") ?? { ...parent, isolation };`,
    replace: `return { ...parent, isolation };`,
    test: [TREE, "shut parents"],
  },
  {
    name: "a creation does not look for locked keys",
    file: `${TENANCY}/creation-plan.ts`,
    find: `      : new ConfigLockedError(lock.key, knownTo(this.caller, path, lock.tenant_id));`,
    replace: `      : (void ConfigLockedError, knownTo, null);`,
    test: [TREE, "refuses configuration that a tenant above locks"],
  },
  {
    name: "names are not locked before they are taken",
    file: `${TENANCY}/tree-locks.store.ts`,
    find: `lockSlots(names, NAME_LOCK_SLOTS);`,
    replace: `lockSlots(names && [], NAME_LOCK_SLOTS);`,
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
    file: `${TENANCY}/tenant-move.service.ts`,
    find: `lock: { tree: "exclusive", roots }`,
    replace: `lock: { tree: "shared", roots }`,
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
    name: "a mutation does not ask whether the caller sees the tenant",
    file: "libs/lib/src/tenancy/mutations.ts",
    find: `requireVisible(found, caller, { tenant_id: tenant })`,
    replace: `requireVisible(found, { ...caller, bound_to: null }, { tenant_id: tenant })`,
    test: ["libs/lib/src/consent/consent.pg.spec.ts", "that a bound caller cannot see"],
  },
  {
    name: "the audit argument lifts the caller's bound",
    file: "libs/lib/src/context/caller.ts",
    find: `const caller = complete(validate(auditContextSchema, audit, "audit"), inContext);`,
    replace: `const caller = complete(validate(auditContextSchema, audit, "audit"), SYSTEM);`,
    test: [TREE, "cannot be widened"],
  },
];
