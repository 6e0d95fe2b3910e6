const PROOF = "libs/db-adapters/src/proof";
const EXAMINE = `${PROOF}/examine.pg.spec.ts`;
const PROVE = `${PROOF}/prove-isolation.pg.spec.ts`;
const ROWS = `${PROOF}/attacks/canary-rows.pg.spec.ts`;
const START = "libs/lib/src/isolation/isolation-start.pg.spec.ts";
const FACADE = "libs/lib/src/isolation/isolation-proof.pg.spec.ts";

/** Checks of the catalogue that see nothing, and the hole that then goes unfound. */
const CHECKS = [
  ["force", "policies", "not t.relforcerowsecurity", "t.relforcerowsecurity is null", "not forced"],
  ["WITH CHECK", "policies", 'and ${prints("polwithcheck", check)})', ")", "without WITH CHECK"],
  ["a policy's command", "policies", "and p.polcmd = '${command}' and", "and", "for updating only"],
  [
    "permissive",
    "policies",
    "not p.polpermissive",
    "p.polcmd is not null",
    "permissive policy in the",
  ],
  [
    "roles of a policy",
    "policies",
    "and p.polroles = array[(select oid from pg_roles where rolname = '${role}')]",
    "",
    "policy for another role",
  ],
  [
    "tables in reach",
    "grants",
    "where t.reached and not t.is_child and t.relkind <> 'f'",
    "where t.reached is null and t.relkind <> 'f'",
    "rows without policies",
  ],
  [
    "partitions",
    "grants",
    "where t.reached and t.is_child",
    "where t.reached is null and t.is_child",
    "partition that is reached",
  ],
  ["TRUNCATE", "grants", "'TRUNCATE, TRIGGER'", "'TRIGGER'", "TRUNCATE granted"],
  [
    "default privileges",
    "grants",
    "where d.defaclobjtype = 'r'",
    "where d.defaclobjtype = 'S'",
    "default privileges",
  ],
  [
    "definers",
    "functions",
    "and p.prosecdef and p.prorettype",
    "and not p.prosecdef and p.prorettype",
    "SECURITY DEFINER function",
  ],
  [
    "uniques",
    "constraints",
    "where not ${HAS_TENANT} and not",
    "where ${HAS_TENANT} and not",
    "unique index without",
  ],
  [
    "foreign keys",
    "constraints",
    "and not ${PAIRS}",
    "and ${PAIRS}",
    "foreign key on the id alone",
  ],
  [
    "who acts as the keys' owner",
    "roles",
    "(m.inherit_option or m.set_option)",
    "m.admin_option",
    "can act as the keys",
  ],
  ["the verifier's body", "verifier", "and ${IS_KNOWN} and", "and", "believes the setting"],
  [
    "the verifier's path",
    "verifier",
    "and p.proconfig = array['search_path=pg_catalog, pg_temp']",
    "",
    "another search path",
  ],
  [
    "the barrier of roll-ups",
    "subtree",
    "o.option_value::boolean)",
    "o.option_value::boolean) and false",
    "without security_barrier",
  ],
  [
    "the view of roll-ups",
    "subtree",
    'and ${flat("pg_get_viewdef(c.oid)")} = ${flat(DEFINITION)}',
    "",
    "by a view of all tenants",
  ],
  [
    "the owner of the view of roll-ups",
    "subtree",
    "and c.relowner = (select oid from pg_roles where rolname = 'stratum_context')",
    "",
    "by a view of somebody else's",
  ],
  [
    "the function of roll-ups",
    "subtree",
    'and ${flat("p.prosrc")} = ${flat(escapeLiteral(SUBTREE_SOURCE))}',
    "",
    "from the root of the tree",
  ],
  [
    "what roll-ups read",
    "policies",
    'and ${prints("polqual", using)}',
    "",
    "roll-ups that shows all rows",
  ],
  [
    "the search path",
    "settings",
    "where s.name = 'search_path'",
    "where s.name = 'search'",
    "pg_catalog does not come first",
  ],
].map(([what, file, find, replace, test]) => ({
  name: `proof: ${what} goes unchecked`,
  file: `${PROOF}/checks/${file}.ts`,
  find,
  replace,
  test: [EXAMINE, test],
}));

const SUBJECTS = [
  {
    name: "proof: views over views go unseen",
    file: `${PROOF}/subjects.ts`,
    find: "union select uses.view from uses join shown on uses.used = shown.view where not uses.is_invoker",
    replace: "",
    test: [EXAMINE, "view over a view"],
  },
  {
    name: "proof: a view that asks as its reader counts as a hole",
    file: `${PROOF}/subjects.ts`,
    find: "where not is_invoker and used in",
    replace: "where used in",
    test: [EXAMINE, "lets a host keep"],
  },
  {
    name: "proof: what a hardened login was given goes unseen",
    file: `${PROOF}/examine.ts`,
    find: "const problems = hardened ? await hardeningProblems(client) : [];",
    replace: "const problems = hardened ? [] : await hardeningProblems(client);",
    test: [EXAMINE, "is to be hardened"],
  },
];

const ATTACKS = [
  {
    name: "proof: canaries' rows are kept",
    file: `${PROOF}/attacks/stage.ts`,
    find: `      result = { value: await work(new Stage(client)) };
      throw new Undone();`,
    replace: `      result = { value: await work(new Stage(client)) };`,
    test: [PROVE, "leaves nothing behind"],
  },
  {
    name: "proof: what a write has done goes unseen",
    file: `${PROOF}/attacks/write-attacks.ts`,
    find: `return attempt.result === before ? REFUSED`,
    replace: `return attempt.result !== null ? REFUSED`,
    test: [PROVE, "USING lets all rows in"],
  },
  {
    name: "proof: a write that only a constraint refused passes",
    file: `${PROOF}/attacks/write-attacks.ts`,
    find: `if (isConstraint(attempt.error))`,
    replace: `if (isRefusal(attempt.error))`,
    test: [PROVE, "unique constraint without"],
  },
  {
    name: "proof: a foreign row that is referred to passes",
    file: `${PROOF}/attacks/write-attacks.ts`,
    find: `if ("result" in attempt) return leak("a row refers`,
    replace: `if ("results" in attempt) return leak("a row refers`,
    test: [PROVE, "foreign key on the id alone"],
  },
  {
    name: "proof: COPY that is let in passes",
    file: `${PROOF}/attacks/copy-in.ts`,
    find: `return codeOf(error) === NOTHING_SENT ?`,
    replace: `return codeOf(error) === "" ?`,
    test: [PROVE, "row-level security off"],
  },
  {
    name: "proof: views are not read",
    file: `${PROOF}/attacks/attack-table.ts`,
    find: `[target.name, ...target.seen_through]`,
    replace: `[target.name]`,
    test: [PROVE, "materialized view"],
  },
  {
    name: "proof: injected SQL is not tried",
    file: `${PROOF}/attacks/attack-place.ts`,
    find: `if (injection === null) return;`,
    replace: `if (injection !== undefined) return;`,
    test: [PROVE, "sees injected SQL use"],
  },
  {
    name: "proof: what could not be tried counts as refused",
    file: `${PROOF}/prove-isolation.ts`,
    find: `if (attack.outcome === "refused")`,
    replace: `if (attack.outcome !== "leak")`,
    test: [ROWS, "are said so"],
  },
];

const PLACES = "test/isolation-proof.pg.spec.ts";

const LIB = [
  {
    name: "proof: databases of tenants are left out",
    file: "libs/lib/src/isolation/isolation-places.ts",
    find: `for (const tenant of page) yield this.placeOf(tenant);`,
    replace: `void this.placeOf;`,
    test: [PLACES, "is proven in every placement"],
  },
  {
    name: "proof: a place that could not be looked at counts as sound",
    file: `${PROOF}/prove-isolation.ts`,
    find: `[this.findings, this.attacks.leaks, this.unproven]`,
    replace: `[this.findings, this.attacks.leaks]`,
    test: [PLACES, "is unproven where a database is gone"],
  },
  {
    name: "proof: a leak without a finding counts as sound",
    file: `${PROOF}/prove-isolation.ts`,
    find: `[this.findings, this.attacks.leaks, this.unproven]`,
    replace: `[this.findings, this.unproven]`,
    test: [PROVE, "no check of the catalogue knows"],
  },
  {
    name: "proof: a start does not look for holes",
    file: `${PROOF}/require-sound.ts`,
    find: `if (findings.length > 0) throw`,
    replace: `if (findings.length > 1000) throw`,
    test: [START, "refuses a hole"],
  },
  {
    name: "proof: a start does not ask for the tenants' role",
    file: `${PROOF}/survey.ts`,
    find: `if (login.is_tenant) return login;`,
    replace: `if (login.name !== "") return login;`,
    test: [START, "refuses a login that cannot act"],
  },
  {
    name: "proof: a start asks for grants where no tenant has rows",
    file: `${PROOF}/require-sound.ts`,
    find: `if (!hardened && !(await hasTenantTables(client))) return;`,
    replace: `if (!hardened && (await hasTenantTables(client))) return;`,
    test: [START, "needs no grants"],
  },
  {
    name: "proof: the login of tenantPool is not looked at",
    file: `${PROOF}/require-sound.ts`,
    find: `if (hardened) await requireHardened(client);`,
    replace: `if (!hardened) await requireHardened(client);`,
    test: ["libs/lib/src/isolation/tenant-pool.pg.spec.ts", "refused while that may more"],
  },
  {
    name: "proof: a refused start leaves its services running",
    file: "libs/lib/src/stratum.ts",
    find: `await services.close();`,
    replace: `void services;`,
    test: [START, "refuses a hole"],
  },
  {
    name: "proof: a Nest application starts on a hole",
    file: "libs/lib/src/stratum.module.ts",
    find: `await get(IsolationStart).requireSound();`,
    replace: `await Promise.resolve(IsolationStart);`,
    test: [START, "Nest application too"],
  },
  {
    name: "proof: a tenant's caller may ask for it",
    file: "libs/lib/src/isolation/isolation-proof.service.ts",
    find: `requirePlatformAdmin(currentCaller());`,
    replace: `void [requirePlatformAdmin, currentCaller];`,
    test: [FACADE, "is the platform's"],
  },
];

export const PROOF_MUTANTS = [...CHECKS, ...SUBJECTS, ...ATTACKS, ...LIB];
