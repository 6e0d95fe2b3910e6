const PG = "libs/db-adapters/src/pg";
const RLS = "libs/db-adapters/src/rls";
const CONTEXT = "libs/db-adapters/src/context";
const MIGRATION = "migrations/src/1764374400000-signed-context.ts";
const VERIFIER_MIGRATION = "migrations/src/1764374400300-context-reach.ts";
const ATTACKS = "test/isolation-attacks.pg.spec.ts";
const RULES_SPEC = `${PG}/statement-rules.spec.ts`;
const GROUP_SPEC = `${PG}/message-group.pg.spec.ts`;
const POOL_SPEC = `${PG}/tenant-pool.pg.spec.ts`;
const RLS_SPEC = `${RLS}/enable-rls.pg.spec.ts`;
const HARDENED_SPEC = "libs/db-adapters/src/hardening/require-hardened.pg.spec.ts";
const LIB_SPEC = "libs/lib/src/isolation/tenant-pool.pg.spec.ts";

const VERIFIER = [
  {
    name: "isolation: a forged context is believed",
    find: "const isSigned = `${mac} operator(pg_catalog.=) pg_catalog.right(context, 64)`;",
    replace:
      "const isSigned = `(${mac} operator(pg_catalog.=) pg_catalog.right(context, 64)) is not null`;",
    test: "cannot set the context to another tenant",
  },
  {
    name: "isolation: an expired context is believed",
    find: `operator(pg_catalog.-) 30) operator`,
    replace: `operator(pg_catalog.-) 30) operator(pg_catalog.*) 0.1 operator`,
    test: "cannot replay a context that has expired",
  },
  {
    name: "isolation: a context of a retired key is told as none",
    find: `operator(pg_catalog.>) 0) is not true then`,
    replace: "operator(pg_catalog.>) 0) is not true or (${isSigned}) is not true then",
    test: "until the old one is retired",
  },
  {
    name: "isolation: the verifier takes names from the search path",
    find: `parallel safe security definer set search_path = pg_catalog, pg_temp`,
    replace: `parallel safe security definer`,
    also: [`pg_catalog.left(context, 16)`, `left(context, 16)`],
    test: "cannot turn what the verifier calls",
  },
  {
    name: "isolation: everybody may install keys",
    find: "await runner.query(`revoke all on function ${signature} from public`);",
    replace: "await runner.query(`grant execute on function ${signature} to public`);",
    test: "cannot read what verifies",
    file: MIGRATION,
  },
].map(({ test, ...mutant }) => ({ file: VERIFIER_MIGRATION, ...mutant, test: [ATTACKS, test] }));

const CLIENT = [
  {
    name: "isolation: a statement's name is credited with the context's answer",
    file: `${PG}/group-query.ts`,
    find: `return this.awaited === "context" ? undefined : this.statementName;`,
    replace: `return this.statementName;`,
    test: [GROUP_SPEC, "does not poison the name"],
  },
  {
    name: "isolation: a statement that a migration has changed fails for good",
    file: `${PG}/group-query.ts`,
    find: `      markStale(connection, this.statementName);`,
    replace: ``,
    test: [GROUP_SPEC, "is run with its columns of now"],
  },
  {
    name: "isolation: a name is parsed again that the server has",
    file: `${PG}/prepared-statements.ts`,
    find: `    connection.close({ type: "S", name });`,
    replace: ``,
    test: [GROUP_SPEC, "is run with its columns of now"],
  },
  {
    name: "isolation: a statement is tried again in a transaction that has failed",
    file: `${PG}/tenant-session.ts`,
    find: `if (isPlanStale(error) && !this.isOpen()) return await work();`,
    replace: `if (isPlanStale(error)) return await work();`,
    test: [GROUP_SPEC, "fails the transaction that it is in"],
  },
  {
    name: "isolation: a statement that a migration has changed is not tried again",
    file: `${PG}/tenant-session.ts`,
    find: `if (isPlanStale(error) && !this.isOpen()) return await work();`,
    replace: ``,
    test: [GROUP_SPEC, "is run with its columns of now"],
  },
  {
    name: "isolation: what is prepared without groups fails for good",
    file: `${PG}/wire.ts`,
    find: `client.query({ ...query, name: undefined });`,
    replace: `client.query(query);`,
    test: [GROUP_SPEC, "messageGroups off"],
  },
  {
    name: "isolation: the server waits for the end of what could not be sent",
    file: `${PG}/group-query.ts`,
    find: `this.handleError(error as Error, connection);
    }
    connection.sync();`,
    replace: `this.handleError(error as Error, connection);
      return;
    }
    connection.sync();`,
    test: [GROUP_SPEC, "pg could not send, however often"],
  },
  {
    name: "isolation: columns that were told as bytes come as text",
    file: `${PG}/group-query.ts`,
    find: `values, valueMapper, binary });`,
    replace: `values, valueMapper, binary: false && binary });`,
    test: [GROUP_SPEC, "has its columns as bytes"],
  },
  {
    name: "isolation: a connection keeps all that it has prepared",
    file: `${PG}/prepared-statements.ts`,
    find: `names.size >= PREPARED_STATEMENTS_MAX`,
    replace: `names.size >= Infinity`,
    test: [GROUP_SPEC, "keeps so many prepared"],
  },
  {
    name: "isolation: statements that fail are kept without end",
    file: `${PG}/prepared-statements.ts`,
    find: `  names.delete(name);
  names.set(name, "sent");`,
    replace: ``,
    test: [GROUP_SPEC, "keeps none that fail each time"],
  },
  {
    name: "isolation: a statement that is used often goes first",
    file: `${PG}/prepared-statements.ts`,
    find: `  names.delete(name);
  names.set(name, known);`,
    replace: ``,
    test: [GROUP_SPEC, "keeps so many prepared"],
  },
  {
    name: "isolation: a name that was closed counts as parsed",
    file: `${PG}/prepared-statements.ts`,
    find: `Reflect.deleteProperty(connection.parsedStatements, oldest);`,
    replace: ``,
    test: [GROUP_SPEC, "keeps so many prepared"],
  },
  {
    name: "isolation: columns are asked for each time",
    file: `${PG}/prepared-statements.ts`,
    find: `  preparedOn(connection).set(name, told);`,
    replace: `  void [connection, name, told];`,
    test: [GROUP_SPEC, "answers the same without asking"],
  },
  {
    name: "isolation: a statement that the context kept from the server counts as parsed",
    file: `${PG}/group-query.ts`,
    find: `Reflect.deleteProperty(connection.submittedNamedStatements, this.statementName);`,
    replace: `void connection;`,
    test: [GROUP_SPEC, "does not believe that a statement was parsed"],
  },
  {
    name: "isolation: a failed context statement keeps its name",
    file: `${PG}/context-names.ts`,
    find: `names.delete(connection);`,
    replace: `void connection;`,
    test: [GROUP_SPEC, "does not believe that a statement was parsed"],
  },
  {
    name: "isolation: the context's name is the same everywhere",
    file: `${PG}/context-names.ts`,
    find: 'randomBytes(8).toString("hex")',
    replace: "String(randomBytes(1).length)",
    test: [GROUP_SPEC, "prepares its context once"],
  },
  {
    name: "isolation: a connection left in a transaction is used",
    file: `${PG}/tenant-pool.ts`,
    find: `if (client.getTransactionStatus() === "I") return client;`,
    replace: `if (client.getTransactionStatus() !== null) return client;`,
    test: [GROUP_SPEC, "on an idle connection only"],
  },
  {
    name: "isolation: a connection goes back in a transaction",
    file: `${PG}/tenant-session.ts`,
    find: `this.#broken || this.#waiting > 0 || this.isOpen();`,
    replace: `this.#broken || this.#waiting > 0;`,
    test: [GROUP_SPEC, "closes a connection that is released in a transaction"],
  },
  {
    name: "isolation: a client serves whoever is in context",
    file: `${PG}/tenant-session.ts`,
    find: `scope.current() !== this.tenant.id ||`,
    replace: ``,
    test: [ATTACKS, "in the context of another"],
  },
  {
    name: "isolation: a commit that rolled back is told as one",
    file: `${PG}/tenant-client.ts`,
    find: `if (command !== "COMMIT") throw`,
    replace: `if (command === "") throw`,
    test: [POOL_SPEC, "swallowed an error inside"],
  },
  {
    name: "isolation: a comment inside another hides how a statement begins",
    file: `${PG}/statement-rules.ts`,
    find: `if (depth === 0) return text.slice(index + 2);`,
    replace: `if (mark === "*/") return text.slice(index + 2);`,
    test: [RULES_SPEC, "is refused before it is sent"],
  },
  {
    name: "isolation: a statement may begin with anything",
    file: `${PG}/statement-rules.ts`,
    find: `if (ROW_WORDS.includes(word)) return;`,
    replace: `if (word !== "COMMIT") return;`,
    test: [ATTACKS, "is refused what outlives the context"],
  },
  {
    name: "isolation: a client that was just lent has no listener",
    file: "libs/db-adapters/src/placement/lend-client.ts",
    find: `  client.on("error", ignore);`,
    replace: ``,
    test: ["libs/db-adapters/src/placement/lend-client.pg.spec.ts", "just lent"],
  },
  {
    name: "isolation: an EXPLAIN is of anything",
    file: `${PG}/statement-rules.ts`,
    find: `const word = isExplain ? explained(start.slice(first.length)) : first;`,
    replace: `const word = isExplain ? "SELECT" : first;`,
    test: [RULES_SPEC, "is refused before it is sent"],
  },
  {
    name: "isolation: a comment among the options of EXPLAIN hides its statement",
    file: `${PG}/statement-rules.ts`,
    find: `const EXPLAIN_OPTIONS = /^\\((?:[\\w \\t\\n\\r\\f\\v,]|'\\w*')*\\)/;`,
    replace: `const EXPLAIN_OPTIONS = /^\\([^)]*\\)/;`,
    test: [RULES_SPEC, "is refused before it is sent"],
  },
  {
    name: "isolation: a longer word counts as its beginning",
    file: `${PG}/statement-rules.ts`,
    find: `(?![\\\\w$\\\\u0080-\\\\uffff])`,
    replace: ``,
    test: [RULES_SPEC, "is refused before it is sent"],
  },
  {
    name: "isolation: texts go by the simple protocol",
    file: `${PG}/tenant-query.ts`,
    find: `name: names?.nameOf(text),
    queryMode: "extended",`,
    replace: `queryMode: "simple" as "extended",`,
    test: [ATTACKS, "is refused a second statement"],
  },
  {
    name: "isolation: a temporary table comes first",
    file: `${PG}/tenant-pool.ts`,
    find: `", pg_temp\``,
    replace: `"\``,
    test: [ATTACKS, "by a temporary table that shadows"],
  },
  {
    name: "isolation: row security stays as the session has it",
    file: `${CONTEXT}/context-statement.ts`,
    find: `set_config('row_security', 'on', true)`,
    replace: `current_setting('row_security')`,
    test: [ATTACKS, "gets nothing by a row security"],
  },
  {
    name: "isolation: a local context outlives its work",
    file: `${CONTEXT}/tenant-scope.ts`,
    find: `entered.ended = true;`,
    replace: `entered.ended = false;`,
    test: [ATTACKS, "in a context that has ended"],
  },
  {
    name: "isolation: a tenant's context outlives runInTenant",
    file: "libs/lib/src/context/tenant-context.ts",
    find: `entered.ended = true;`,
    replace: `entered.ended = false;`,
    test: [LIB_SPEC, "one whose work has ended"],
  },
  {
    name: "isolation: a context is kept for tenants of the same minute",
    file: `${CONTEXT}/context-signer.ts`,
    find: `const kept = scope === "tenant" ? tenantId : `,
    replace: `const kept = scope === "tenant" ? tenantId.slice(0, 8) : `,
    test: ["test/nest-hammer.e2e.spec.ts", "fastify, superuser, one connection"],
  },
];

const TABLES = [
  [
    "a policy of the host's opens a table",
    "table-ddl.ts",
    `as restrictive to stratum_tenant`,
    `as permissive to stratum_tenant`,
    "stays closed beside a policy",
  ],
  [
    "rows of other tenants are taken in",
    "table-ddl.ts",
    `to stratum_tenant using (\${OWN_ROWS}) with check (\${OWN_ROWS})`,
    `to stratum_tenant using (\${OWN_ROWS}) with check (true)`,
    "has no rows for another tenant",
  ],
  [
    "the owner is not held",
    "table-ddl.ts",
    `enable row level security, force row level security`,
    `enable row level security`,
    "brings a table with rows",
  ],
  [
    "a primary key may be any",
    "table-rules.ts",
    `columns.length === 1 && types[0] === "uuid"`,
    `columns.length === 1`,
    "refuses a serial primary key",
  ],
  [
    "a foreign key may cross tenants",
    "table-rules.ts",
    `own === "tenant_id" && referred === "tenant_id"`,
    `own === "tenant_id"`,
    "refuses a foreign key that crosses",
  ],
  [
    "rows of nobody are let be",
    "enable-rls.ts",
    `if (rowCount === 0) return;`,
    `if (rowCount !== null) return;`,
    "brings a table with rows",
  ],
].map(([name, file, find, replace, test]) => ({
  name: `isolation: ${name}`,
  file: `${RLS}/${file}`,
  find,
  replace,
  test: [test === "has no rows for another tenant" ? POOL_SPEC : RLS_SPEC, test],
}));

const HARDENING = {
  name: "isolation: a hardened login may own tables",
  file: "libs/db-adapters/src/hardening/require-hardened.ts",
  find: `d.deptype = 'o'`,
  replace: `d.deptype = '-'`,
  test: [HARDENED_SPEC, "a table of its own"],
};

export const ISOLATION_MUTANTS = [...VERIFIER, ...CLIENT, ...TABLES, HARDENING];
