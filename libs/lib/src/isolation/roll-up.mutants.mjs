const SUBTREE = "migrations/src/1764374400310-subtree-reads.ts";
const DDL = "libs/db-adapters/src/rls/table-ddl.ts";
const WALK = "libs/lib/src/isolation/tenant-walk.service.ts";
const ROLL_UP_SPEC = "libs/lib/src/isolation/roll-up.pg.spec.ts";
const WALK_SPEC = "libs/lib/src/isolation/tenant-walk.pg.spec.ts";

export const REACH_MUTANTS = [
  [
    "a context of the narrow scope reads the subtree",
    SUBTREE,
    `operator(pg_catalog.<>) 'subtree.' then`,
    `operator(pg_catalog.<>) 'subtree.' and false then`,
    "gains nothing by the role",
  ],
  [
    "the view is of all tenants",
    SUBTREE,
    `where t.path <@ (select stratum.current_subtree()) and`,
    `where (select stratum.current_subtree()) is not null and`,
    "reads the rows of the tenant and of all below",
  ],
  [
    "the view lets a reader's function see what it does not show",
    SUBTREE,
    `with (security_barrier) as`,
    `as`,
    "calls no function of a reader's own",
  ],
  [
    "roll-ups may not read reference tables",
    "libs/db-adapters/src/tables/reference-table.ts",
    "dataRoles(facts)",
    `"stratum_tenant, stratum_maintenance"`,
    "reads reference tables, and does not write them",
  ],
  [
    "a tenant being purged is read",
    SUBTREE,
    `'suspended', 'archived')\``,
    `'suspended', 'archived', 'purging')\``,
    "none that is being purged",
  ],
  [
    "a roll-up updates what it reads",
    DDL,
    "update ${subtree} using (${OWN_ROWS}) with check (${OWN_ROWS})",
    "update ${subtree} using (true)",
    "writes the tenant's own rows alone",
  ],
  [
    "a roll-up deletes what it reads",
    DDL,
    "delete ${subtree} using (${OWN_ROWS})",
    "delete ${subtree} using (true)",
    "writes the tenant's own rows alone",
  ],
  [
    "a roll-up inserts for tenants below",
    DDL,
    "insert ${subtree} with check (${OWN_ROWS})",
    "insert ${subtree} with check (true)",
    "writes the tenant's own rows alone",
  ],
  [
    "a client goes on in a scope that is not its own",
    "libs/db-adapters/src/pg/tenant-session.ts",
    " || reachOf(scope) !== this.tenant.reach",
    "",
    "does not let a client of the wider scope",
  ],
  [
    "tenants elsewhere are left out without a word",
    "libs/lib/src/tenancy/tenant.service.ts",
    `if (count > 0) throw new ScopeIncompleteError`,
    `if (count > 1000) throw new ScopeIncompleteError`,
    "naming them, unless a part will do",
  ],
  [
    "a tenant elsewhere itself counts those that share tables as beside it",
    "libs/lib/src/tenancy/apart.store.ts",
    `: "true";`,
    `: "isolation_strategy <> 'SHARED_RLS'";`,
    "of a tenant that is elsewhere itself",
  ],
  [
    "a tenant that may not be entered fails a walk",
    WALK,
    `if (!progress.entered && isShut(error)) return "skipped";`,
    "",
    "skips tenants that may not be entered",
    WALK_SPEC,
  ],
  [
    "what the work throws passes for a tenant that is shut",
    WALK,
    `if (!progress.entered && isShut(error))`,
    `if (isShut(error))`,
    "counts an error of the work as a failure",
    WALK_SPEC,
  ],
].map(([name, file, find, replace, title, spec = ROLL_UP_SPEC]) => ({
  name: `reach: ${name}`,
  file,
  find,
  replace,
  test: [spec, title],
}));
