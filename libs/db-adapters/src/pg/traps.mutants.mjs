const PG = "libs/db-adapters/src/pg";
const RLS = "libs/db-adapters/src/rls";
const NAMES_SPEC = `${PG}/prepared-names.pg.spec.ts`;
const QUERY_SPEC = `${PG}/tenant-query.spec.ts`;
const GROUP_SPEC = `${PG}/message-group.pg.spec.ts`;
const RLS_SPEC = `${RLS}/enable-rls.pg.spec.ts`;
const FORCE_SPEC = `${RLS}/force.pg.spec.ts`;
const CONTEXT_SPEC = "libs/db-adapters/src/context/context-statement.pg.spec.ts";
const PARSERS_SPEC = "libs/db-adapters/src/proof/host-parsers.pg.spec.ts";
const RESET_SPEC = `${PG}/reset-on-release.pg.spec.ts`;
const LOCKS = "libs/lib/src/persistence/advisory-locks.ts";
const LOCKS_SPEC = "libs/lib/src/persistence/advisory-locks.spec.ts";
const STRATUM_SPEC = "libs/lib/src/persistence/schema-stratum.pg.spec.ts";
const PLANS_SPEC = "libs/lib/src/query-plans.pg.spec.ts";

const MISMATCH = [`${PG}/tenant-errors.ts`, `const NAME_MISMATCH = ["26000", "42P05"];`];

/** What was fallen into once: the traps of the design. */
export const TRAP_MUTANTS = [
  [
    "a name that the server does not know passes for the statement's own error",
    ...MISMATCH,
    `const NAME_MISMATCH = ["42P05"];`,
    [NAMES_SPEC, "that the server does not know"],
  ],
  [
    "a name that the server knows already passes for the statement's own error",
    ...MISMATCH,
    `const NAME_MISMATCH = ["26000"];`,
    [NAMES_SPEC, "that the server knows already"],
  ],
  [
    "a connection whose names are amiss goes back",
    `${PG}/tenant-errors.ts`,
    ` && !NAME_MISMATCH.includes(codeOf(told));`,
    `;`,
    [NAMES_SPEC, "that the server does not know"],
  ],
  [
    "names are counted, by each process for itself",
    `${PG}/statement-names.ts`,
    `\`stratum_t_\${hash.slice(0, 24)}\``,
    `\`stratum_t_\${hash.slice(0, 0)}\${this.#size}\``,
    [NAMES_SPEC, "follow from their texts"],
  ],
  [
    "queries of other classes are taken for their texts",
    `${PG}/tenant-query.ts`,
    `(typeof query === "object" && "submit" in query)`,
    `(typeof query === "object" && "submits" in query)`,
    [QUERY_SPEC, "is a text, and not"],
  ],
  [
    "a ROLLBACK goes behind a context",
    `${PG}/tenant-session.ts`,
    `return this.inTurn(() => this.wire.bare(this.client, query));`,
    `return this.inTurn(() => this.wire.scoped(this.client, query, this.context()));`,
    [GROUP_SPEC, "rolls back an aborted transaction"],
  ],
  [
    "a context is spliced into its statement",
    `${PG}/context-names.ts`,
    `connection.parse({ name, text: CONTEXT_STATEMENT });`,
    `connection.parse({ name, text: CONTEXT_STATEMENT.replace("$1", \`coalesce('\${values[0]}', $1)\`) });`,
    [CONTEXT_SPEC, "is its statement, and not the context"],
  ],
  [
    "the column comes with its default",
    `${RLS}/table-ddl.ts`,
    `add column tenant_id uuid\``,
    `add column tenant_id uuid default stratum.current_tenant_id()\``,
    [RLS_SPEC, "brings a table with rows into a tenant"],
  ],
  [
    "the verifier is asked for each row",
    `${RLS}/table-ddl.ts`,
    `"tenant_id = (select stratum.current_tenant_id())"`,
    `"tenant_id = stratum.current_tenant_id()"`,
    [RLS_SPEC, "asks the verifier once for a statement"],
  ],
  [
    "nobody is warned of indexes that are not used",
    `${RLS}/table-rules.ts`,
    `leaks && columns[0] !== "tenant_id"`,
    `leaks && columns.length === 0`,
    [RLS_SPEC, "warns of indexes"],
  ],
  [
    "the owner migrates rows without a role for it",
    `${RLS}/table-ddl.ts`,
    `enable row level security, force row level security`,
    `enable row level security`,
    [FORCE_SPEC, "stops the owner without a word"],
  ],
  [
    "each name takes a lock of its own",
    LOCKS,
    `found.add((lockKeyOf(text) >>> 0) % slots);`,
    `found.add((lockKeyOf(text) >>> 0) % (slots * slots));`,
    [LOCKS_SPEC, "are so many at most"],
  ],
  [
    "slots are locked in any order",
    LOCKS,
    `return [...found].sort((a, b) => a - b);`,
    `return [...found];`,
    [LOCKS_SPEC, "are so many at most"],
  ],
  [
    "trees are locked by one key, as a host may lock",
    "libs/lib/src/tenancy/tree-locks.store.ts",
    `(\${TREE_LOCK}, tree)`,
    `(tree)`,
    [STRATUM_SPEC, "shares no advisory lock"],
  ],
  [
    "everybody may call a function of schema stratum",
    "migrations/src/1764374400310-subtree-reads.ts",
    `revoke all on function stratum.current_subtree() from public`,
    `grant execute on function stratum.current_subtree() to public`,
    [STRATUM_SPEC, "has no function that PUBLIC"],
  ],
  [
    "paths are indexed by GiST",
    "migrations/src/1764028800000-tenant-tree.ts",
    `on stratum.tenants (path)\``,
    `on stratum.tenants using gist (path)\``,
    [STRATUM_SPEC, "has no GiST index"],
  ],
  [
    "descendants are found by ltree's containment",
    "libs/lib/src/tenancy/tenant.store.ts",
    `t.path \${operator(">")} $1 and t.path \${operator("<")} $2`,
    `t.path \${operator("<@")} $1 and t.path \${operator("<>")} $2`,
    [PLANS_SPEC, "reads a page of descendants"],
  ],
  [
    "what was left on a connection stays with resetOnRelease",
    `${PG}/reset-connection.ts`,
    `await client.query("DISCARD ALL");`,
    ``,
    [RESET_SPEC, "has nothing on it with resetOnRelease"],
  ],
  [
    "a tenant's option to reset connections is not passed on",
    "libs/lib/src/isolation/tenant-pool.service.ts",
    `      resetOnRelease: this.options.resetOnRelease ?? isHardened,
`,
    `      resetOnRelease: isHardened,
`,
    ["libs/lib/src/isolation/reset-on-release.pg.spec.ts", "go back without"],
  ],
  [
    "statements that were discarded count as prepared",
    `${PG}/reset-connection.ts`,
    `forgetPrepared(connection);`,
    ``,
    [RESET_SPEC, "is the same one, and serves"],
  ],
  [
    "the context's statement counts as prepared when it was discarded",
    `${PG}/reset-connection.ts`,
    `forgetContext(connection);`,
    ``,
    [RESET_SPEC, "is the same one, and serves"],
  ],
  [
    "answers of ours are read as the host parses types",
    `${PG}/column-types.ts`,
    `values: [...values], types: COLUMN_TYPES };`,
    `values: [...values] };`,
    [PARSERS_SPEC, "does not start over a hole"],
  ],
  [
    "attacks are read as the host parses types",
    "libs/db-adapters/src/proof/attacks/stage.ts",
    `{ text, values, types: COLUMN_TYPES }`,
    `{ text, values, types: (COLUMN_TYPES, undefined) }`,
    [PARSERS_SPEC, "is shown to be sound"],
  ],
  [
    "columns that come as bytes are read as text",
    `${PG}/column-types.ts`,
    `format === "binary"`,
    `format === undefined`,
    [PARSERS_SPEC, "is refused in words"],
  ],
  [
    "a hardened login switches roles",
    "libs/lib/src/isolation/tenant-pool.service.ts",
    `inherits: isHardened }`,
    `inherits: isHardened && false }`,
    ["libs/lib/src/isolation/reset-on-release.pg.spec.ts", "acts as itself"],
  ],
  [
    "a hardened login's connections keep what was left on them",
    "libs/lib/src/isolation/tenant-pool.service.ts",
    `this.options.resetOnRelease ?? isHardened`,
    `this.options.resetOnRelease ?? (isHardened && false)`,
    ["libs/lib/src/isolation/reset-on-release.pg.spec.ts", "stores the next tenant's text"],
  ],
  [
    "a row that is too long for a text ends the process",
    "libs/db-adapters/src/placement/outlive.ts",
    `if ((error as { code?: unknown }).code !== TOO_LONG) throw error;`,
    `if (TOO_LONG !== "") throw error;`,
    ["libs/db-adapters/src/placement/lend-client.pg.spec.ts", "longer than any text"],
  ],
  [
    "nobody listens for the errors of the caller's pools",
    "libs/db-adapters/src/placement/outlive.ts",
    `pool.on("error", ignore).on("connect", surviveLongRows);`,
    `pool.on("connect", surviveLongRows);`,
    ["test/fatal.e2e.spec.ts", "outlives random terminations"],
  ],
  [
    "statements wait for the connections that wait for them",
    "libs/db-adapters/src/placement/lend-client.ts",
    `  refuseNested(connections);
`,
    ``,
    ["libs/db-adapters/src/placement/holding.pg.spec.ts", "refuses statements of its own"],
  ],
  [
    "what a transaction has started holds its connection for ever",
    "libs/db-adapters/src/placement/holding.ts",
    `hold.isOver = true;`,
    ``,
    ["libs/db-adapters/src/placement/holding.pg.spec.ts", "lets whatever has no connection wait"],
  ],
  [
    "rows that the host's policies hide are not looked for",
    "libs/db-adapters/src/rls/enable-rls.ts",
    `if (facts.is_forced) await client.query(unforced(facts));`,
    ``,
    ["libs/db-adapters/src/rls/enable-rls.pg.spec.ts", "finds and fills rows"],
  ],
  [
    "what reading an argument throws is our own failure",
    "libs/core/src/platform/validate.ts",
    `  } catch {
`,
    `  } catch (error) {
    if (error !== undefined) throw error;
`,
    ["libs/core/src/platform/validate.spec.ts", "a getter that throws"],
  ],
].map(([name, file, find, replace, test]) => ({
  name: `trap: ${name}`,
  file,
  find,
  replace,
  test,
}));
