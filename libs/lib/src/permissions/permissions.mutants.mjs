// Who may do what with a permission: delegation, bans, revocation, force, bounds.
const PERMISSIONS = "libs/lib/src/permissions";
const AUTHORITY = `${PERMISSIONS}/permission-authority.ts`;
const WRITES = `${PERMISSIONS}/permission-write.service.ts`;
const BANS = `${PERMISSIONS}/permission-ban.service.ts`;
const CALLER = "libs/lib/src/context/caller.ts";
const DELEGATION = "libs/core/src/inheritance/delegation.ts";
const FOLD = "libs/core/src/permissions/permission-fold.ts";

const RACES = "test/concurrency/permission-races.pg.spec.ts";
const SUITE = `${PERMISSIONS}/permissions.pg.spec.ts`;
const TABLE = `${PERMISSIONS}/permission-table.pg.spec.ts`;
const COHERENCE = "test/coherence.pg.spec.ts";
const CALLER_SUITE = "libs/lib/src/context/caller.spec.ts";
const DELEGATION_SUITE = "libs/core/src/inheritance/delegation.spec.ts";
const FOLD_SUITE = "libs/core/src/permissions/permission-fold.spec.ts";

const KEY_LOCK = 'keys: { of: [`permission:${key}`], mode: "exclusive" },';

export const PERMISSION_MUTANTS = [
  {
    name: "a change of a permission takes its key's lock shared",
    file: AUTHORITY,
    find: 'keys: { of: [`permission:${key}`], mode: "exclusive" }',
    replace: 'keys: { of: [`permission:${key}`], mode: "shared" }',
    test: [RACES, "no override commits after the lock"],
  },
  {
    name: "a change of a permission does not lock its key",
    file: AUTHORITY,
    find: 'lock: { keys: { of: [`permission:${key}`], mode: "exclusive" } },',
    replace: `lock: {},`,
    test: [RACES, "a PERMANENT policy and a ban above it"],
  },
  {
    name: "a change of a permission takes no lock on its tree",
    file: AUTHORITY,
    find: `lock: { keys: {`,
    replace: `lock: { tree: "none", keys: {`,
    test: [RACES, "that was there before"],
  },
  {
    name: "a permission's tree that changed while its lock was awaited goes unnoticed",
    file: "libs/lib/src/tenancy/mutations.ts",
    find: `if (held !== null) requireSameTree(held, subject);`,
    replace: `void requireSameTree;`,
    test: [RACES, "that is made right after the move"],
  },
  {
    name: "permissions of a shut tenant are changed",
    file: AUTHORITY,
    find: `operation: CHANGE_PERMISSIONS, ...this`,
    replace: `operation: null, ...this`,
    test: [SUITE, "answer 404 and 409"],
  },
  {
    name: "a change of a permission does not ask what tenants above delegate",
    file: "libs/lib/src/permissions/delegation.ts",
    find: "if (refusal === null) return;",
    replace: `if (refusal === null || key !== "") return;`,
    test: [TABLE, "below LOCKED: deletes"],
  },
  {
    name: "a permission may be created below a ban",
    file: AUTHORITY,
    find: "if (mode !== null && banned_at !== null) {",
    replace: `if (mode !== null && banned_at !== null && banned_at === "") {`,
    test: [TABLE, "below none: bans"],
  },
  {
    name: "whoever may write permissions may introduce keys",
    file: "libs/lib/src/permissions/delegation.ts",
    find: "isRoot || bound_to === null;",
    replace: "isRoot || bound_to !== undefined;",
    test: [SUITE, "are introduced by roots and the platform alone"],
  },
  {
    name: "whoever may write permissions may force",
    file: AUTHORITY,
    find: "if (force !== true || isPlatformAdmin(caller)) return;",
    replace: `if (force !== true || isPlatformAdmin(caller) || caller.actor_id !== "") return;`,
    test: [SUITE, "never by force"],
  },
  {
    name: "the platform may force without its scope",
    file: CALLER,
    find: "scopesLackedBy(caller, [PLATFORM_SCOPE]).length === 0;",
    replace: "scopesLackedBy(caller, [PLATFORM_SCOPE]).length < 2;",
    test: [SUITE, "never by force"],
  },
  {
    name: "an update does not ask who may force",
    file: WRITES,
    find: "requireForce(update.force, caller);",
    replace: "",
    test: [SUITE, "never by force"],
  },
  {
    name: "a deletion does not ask who may force",
    file: WRITES,
    find: "requireForce(force, call.caller);",
    replace: "",
    test: [SUITE, "never by force"],
  },
  {
    name: "a ban does not ask who may force",
    file: BANS,
    find: "requireForce(force, call.caller);",
    replace: "",
    test: [SUITE, "never by force"],
  },
  {
    name: "a PERMANENT policy is updated without force",
    file: WRITES,
    find: "requireRevocable(policy, update.force);",
    replace: "",
    test: [TABLE, "updates to mode INHERITED what is revoked by PERMANENT"],
  },
  {
    name: "a PERMANENT policy is deleted without force",
    file: WRITES,
    find: "requireRevocable(policy, force);",
    replace: "",
    test: [TABLE, "deletes one of mode INHERITED, revoked by PERMANENT"],
  },
  {
    name: "an update of a policy does not compare versions",
    file: WRITES,
    find: `requireVersion(policy, update.expected_version, "Permission policy");`,
    replace: "",
    test: [RACES, "of two updates with one expected version"],
  },
  {
    name: "a deletion of a policy does not compare versions",
    file: WRITES,
    find: `requireVersion(policy, expected_version, "Permission policy");`,
    replace: "",
    test: [SUITE, "answer 404 and 409"],
  },
  {
    name: "a cascade takes PERMANENT policies along",
    file: `${PERMISSIONS}/permission.store.ts`,
    find: "and ($4::boolean or p.revocation_mode <> 'PERMANENT')",
    replace: "and ($4::boolean or p.revocation_mode <> '')",
    test: [SUITE, "that are PERMANENT survive a cascade"],
  },
  {
    name: "a cascade deletes nothing below",
    file: WRITES,
    find: `return revocation_mode === "CASCADE"`,
    replace: `return revocation_mode === "PERMANENT"`,
    test: [RACES, "nothing that the revoked policy allowed"],
  },
  {
    name: "a ban leaves the policies below it",
    file: BANS,
    find: `await this.revoke(m, valid, force);`,
    replace: ``,
    test: [RACES, "a ban leaves no policy below it"],
  },
  {
    name: "a ban does not look for PERMANENT policies",
    file: BANS,
    find: "if (permanent !== undefined) throw new PermissionRevocationDeniedError({ key, ...permanent });",
    replace: "void [permanent, PermissionRevocationDeniedError];",
    test: [TABLE, "bans one of mode INHERITED, revoked by PERMANENT"],
  },
  {
    name: "a bound caller bans what a level above it locked",
    file: BANS,
    find: `requireNotLockedAbove(m.tenant, valid, call.caller);`,
    replace: ``,
    test: [SUITE, "are not banned away from under a lock above"],
  },
  {
    name: "a bound caller lifts the ban of a level above it",
    file: BANS,
    find: `requireAuthority(m.tenant, ban, caller);`,
    replace: ``,
    test: [SUITE, "nor is a ban from above lifted"],
  },
  {
    name: "other processes are not told of a ban",
    file: `${PERMISSIONS}/permission-records.ts`,
    find: `[{ type: "permission.deleted", tenant_id, data: { key, banned: true } }]`,
    replace: "[]",
    test: [COHERENCE, "a change of a permission shows another process"],
  },
  {
    name: "other processes are not told that a ban was lifted",
    file: `${PERMISSIONS}/permission-records.ts`,
    find: `[{ type: "permission.updated", tenant_id, data: { key, banned: false } }]`,
    replace: "[]",
    test: [COHERENCE, "a change of a permission shows another process"],
  },
  {
    name: "a policy below a lock is not refused",
    file: DELEGATION,
    find: `return { reason: "locked", source_tenant_id: tenant_id };`,
    replace: "return null;",
    test: [DELEGATION_SUITE, "below LOCKED"],
  },
  {
    name: "any mode may be set below INHERITED",
    file: DELEGATION,
    find: `return mode === null || mode === "INHERITED"`,
    replace: `return mode === null || mode !== undefined`,
    test: [DELEGATION_SUITE, "below INHERITED"],
  },
  {
    name: "anybody introduces a key that nobody above has",
    file: DELEGATION,
    find: "const allowed = mayIntroduce || mode === null;",
    replace: "const allowed = mayIntroduce || mode !== undefined;",
    test: [DELEGATION_SUITE, "below none"],
  },
  {
    name: "a banned key resolves",
    file: FOLD,
    find: ".filter(([key]) => !banned.has(key))",
    replace: "",
    test: [FOLD_SUITE, "resolves every key as the rule says"],
  },
  {
    name: "a LOCKED policy is overridden when it resolves",
    file: FOLD,
    find: `decisive(policies, ({ entry }) => entry.mode === "LOCKED")`,
    replace: `decisive(policies, ({ entry }) => entry.key === "")`,
    test: [FOLD_SUITE, "resolves every key as the rule says"],
  },
  {
    name: "archived ancestors take part in inheritance",
    file: "libs/core/src/inheritance/chain.ts",
    find: "index === levels.length - 1 || !level.archived",
    replace: "index < levels.length || !level.archived",
    test: [FOLD_SUITE, "lets an archived ancestor lock nothing"],
  },
  {
    name: "a bound caller resolves any tenant whose id it knows",
    file: "libs/lib/src/tenancy/access.ts",
    find: "if (caller.bound_to !== null && !chain.includes(caller.bound_to)) {",
    replace: `if (caller.bound_to !== null && chain.includes("")) {`,
    test: [SUITE, "are changed in their own subtree alone"],
  },
  {
    name: "actors without scopes have every scope",
    file: CALLER,
    find: `actor.actor_type === "system"`,
    replace: `actor.actor_type !== undefined`,
    test: [CALLER_SUITE, "other than system without scopes"],
  },
];
