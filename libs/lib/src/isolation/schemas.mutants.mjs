const ISOLATION = "libs/lib/src/isolation";
const TENANCY = "libs/lib/src/tenancy";
const TABLES = "libs/db-adapters/src/tables";
const SCHEMA_SPEC = `${ISOLATION}/schema-storage.pg.spec.ts`;
const ALLOWED_SPEC = `${ISOLATION}/allowed-isolation.pg.spec.ts`;
const ROWS_SPEC = `${ISOLATION}/tenant-rows.pg.spec.ts`;
const SHARED_SPEC = `${ISOLATION}/shared-tables.pg.spec.ts`;
const REFERENCE_SPEC = `${ISOLATION}/reference-tables.pg.spec.ts`;
const PRIVILEGES_SPEC = `${ISOLATION}/schema-privileges.pg.spec.ts`;

const PLACEMENT = [
  {
    name: "schemas: a declaration of any form is taken",
    file: `${TABLES}/table-declaration.ts`,
    find: `if (!isDeclaration(declared)) {`,
    replace: `if (!isDeclaration(declared) && declared === undefined) {`,
    test: [`${TABLES}/table-declaration.spec.ts`, "is refused by its place"],
  },
  {
    name: "schemas: statements on one tenant's tables stay prepared",
    file: "libs/lib/src/persistence/sql.ts",
    find: `|[0-9a-f]{32}/i`,
    replace: `/i`,
    test: [SCHEMA_SPEC, "leaves nothing prepared"],
  },
  {
    name: "schemas: DDL stays prepared",
    file: "libs/lib/src/persistence/sql.ts",
    find: `(?:create|alter|drop|grant|revoke|set)`,
    replace: `(?:create|alter|drop|set)`,
    also: [`[0-9a-f]{32}`, `no_id`],
    test: [SCHEMA_SPEC, "leaves nothing prepared"],
  },
  {
    name: "schemas: a statement that was parsed in one is used in another",
    file: "libs/db-adapters/src/pg/statement-names.ts",
    find: "update(`${searchPath}\\0${text}`)",
    replace: "update(text)",
    test: [`${ISOLATION}/schema-types.pg.spec.ts`, "on a connection that served another one"],
  },
  {
    name: "schemas: who has a schema of its own finds the tables of all beside it",
    file: "libs/db-adapters/src/pg/tenant-pool.ts",
    find: `, pg_temp`,
    replace: `, public, pg_temp`,
    test: [SCHEMA_SPEC, "is missed by name"],
  },
  {
    name: "schemas: one that is gone is not told apart from a wrong name",
    file: `${ISOLATION}/tenant-router.ts`,
    find: `schema: schemaOf(tenantId), isOwn: true };`,
    replace: `schema: schemaOf(tenantId) };`,
    test: [SCHEMA_SPEC, "is missed by name"],
  },
  {
    name: "schemas: every name that is not found counts as a schema that is gone",
    file: "libs/db-adapters/src/pg/tenant-session.ts",
    find: `return rowCount === 0`,
    replace: `return rowCount !== null`,
    test: [SCHEMA_SPEC, "is missed by name"],
  },
  {
    name: "schemas: tenants create in their schema",
    file: `${ISOLATION}/tenant-schema.store.ts`,
    find: "await tx.query(`grant usage on schema",
    replace: "await tx.query(`grant usage, create on schema",
    test: [SCHEMA_SPEC, "is protected by its policies too"],
  },
  {
    name: "schemas: a batch creates any number of tables",
    file: `${ISOLATION}/schema-storage.ts`,
    find: `if (tenants.length > Math.max(1, most)) {`,
    replace: `if (tenants.length > 1e6) {`,
    test: [SCHEMA_SPEC, "as many as their tables allow"],
  },
  {
    name: "schemas: a login that may not create is not told what it lacks",
    file: `${ISOLATION}/tenant-tables.store.ts`,
    find: `if (sqlStateOf(error) !== INSUFFICIENT_PRIVILEGE) throw error;`,
    replace: `if (error instanceof Error) throw error;`,
    test: [PRIVILEGES_SPEC, "leaves no tenant"],
  },
];

const ALLOWED = [
  {
    name: "schemas: stratum.allowed_isolation is not asked",
    file: `${TENANCY}/creation-plan.ts`,
    find: `if (isolation !== null) return isolation;`,
    replace: ``,
    test: "says which strategies tenants may be created with",
  },
  {
    name: "schemas: stratum.allowed_isolation is overridden where it is locked above",
    file: `${TENANCY}/isolation-rule.ts`,
    find: `entries.find(({ locked }) => locked) ?? entries.at(-1)`,
    replace: `entries.at(-1)`,
    test: "is overridden below, unless it is locked above",
  },
  {
    name: "schemas: stratum.allowed_isolation of the tenant itself is not asked",
    file: `${TENANCY}/isolation-rule.ts`,
    find: `Object.hasOwn(config, ALLOWED_ISOLATION_KEY) && !above.locked`,
    replace: `false && Object.hasOwn(config, ALLOWED_ISOLATION_KEY)`,
    test: "holds for the tenant that is created with it",
  },
].map(({ test, ...mutant }) => ({ ...mutant, test: [ALLOWED_SPEC, test] }));

const ROWS = [
  {
    name: "schemas: purge deletes by address across partitions",
    file: `${ISOLATION}/tenant-rows.store.ts`,
    find: `!table.is_partitioned && !table`,
    replace: `!table`,
    test: [ROWS_SPEC, "in partitions go from their own partition alone"],
  },
  {
    name: "schemas: purge deletes a part of what refers to itself",
    file: `${ISOLATION}/tenant-rows.store.ts`,
    find: `&& !table.refers_to.includes(pathOf(table))`,
    replace: `&& pathOf(table) !== ""`,
    test: [ROWS_SPEC, "that refer to rows of the same table go at once"],
  },
  {
    name: "schemas: purge begins with what others refer to",
    file: `${ISOLATION}/tenant-rows.ts`,
    find: `groupsInOrder(await this.store.sharedTables(tx)).toReversed();`,
    replace: `groupsInOrder(await this.store.sharedTables(tx));`,
    test: [ROWS_SPEC, "that refer to others go before these"],
  },
  {
    name: "schemas: purge leaves the host application's rows",
    file: "libs/lib/src/gdpr/tenant-eraser.ts",
    find: `await storage.erase(tx, tenantIds, left);`,
    replace: `{ deleted: {}, complete: true };`,
    test: [SCHEMA_SPEC, "goes with its tenant"],
  },
  {
    name: "schemas: an export has the rows of all tenants",
    file: `${ISOLATION}/tenant-rows.store.ts`,
    find: "where tenant_id = $1 ${order}",
    replace: "where $1::uuid is not null ${order}",
    test: [ROWS_SPEC, "stream into an export that verifies"],
  },
  {
    name: "schemas: an export reads as the login, which FORCE shows nothing",
    file: `${ISOLATION}/tenant-rows.ts`,
    find: `const before = await this.maintenance.assume(snapshot);`,
    replace: `const before = "none";`,
    test: [PRIVILEGES_SPEC, "although FORCE hides rows from their owner"],
  },
];

const DECLARED = [
  {
    name: "schemas: a declared table without row security counts as there",
    file: `${TABLES}/table-state.ts`,
    find: `or not reference and not (`,
    replace: `or false and not (`,
    test: [SHARED_SPEC, "that the host created without row security"],
  },
  {
    name: "schemas: a start without autoMigrate does not look for declared tables",
    file: `${ISOLATION}/shared-tables.ts`,
    find: `throw new TenantTablesMissingError(SHARED_SCHEMA, lacking);`,
    replace: `return;`,
    test: [SHARED_SPEC, "that lack are named"],
  },
  {
    name: "schemas: tenants write reference tables",
    file: `${TABLES}/reference-table.ts`,
    find: "await client.query(`grant select on",
    replace: "await client.query(`grant select, insert on",
    test: [SHARED_SPEC, "that are declared reference are read by tenants"],
  },
  {
    name: "schemas: a reference table may have tenant_id",
    file: `${TABLES}/reference-table.ts`,
    find: `table.tenant_id_type === null ? []`,
    replace: `true ? []`,
    test: [SHARED_SPEC, "could not be in every placement"],
  },
  {
    name: "schemas: rows that are gone stay in the copies of reference tables",
    file: `${TABLES}/copy-references.ts`,
    find: `changes.push(upsert(source, copy, columns), deletion(source, copy, columns));`,
    replace: `changes.push(upsert(source, copy, columns), \`\${deletion(source, copy, columns)} and false\`);`,
    test: [REFERENCE_SPEC, "kept as they were until they are refreshed"],
  },
  {
    name: "schemas: a refresh does not wait for placements that are being made",
    file: `${ISOLATION}/reference-tables.service.ts`,
    find: `await this.store.awaitCreations(m.tx);`,
    replace: ``,
    test: [REFERENCE_SPEC, "while they change and are refreshed"],
  },
  {
    name: "schemas: everybody refreshes reference tables",
    file: `${ISOLATION}/reference-tables.service.ts`,
    find: `requirePlatformAdmin(caller);`,
    replace: ``,
    test: [REFERENCE_SPEC, "by administrators of the platform alone"],
  },
];

export const SCHEMA_MUTANTS = [
  ...PLACEMENT,
  ...ALLOWED,
  ...ROWS,
  ...DECLARED,
  {
    name: "schemas: a table of one tenant's lets rows of others in",
    file: `${ISOLATION}/tenant-schema.store.ts`,
    find: `await bindToTenant(tx.client, schema, tables, id);`,
    replace: `false && (await bindToTenant(tx.client, schema, tables, id));`,
    test: [SCHEMA_SPEC, "is protected by its policies too"],
  },
  {
    name: "databases: a table of one tenant's lets rows of others in",
    file: "libs/lib/src/tenant-databases/tenant-database.store.ts",
    find: `await bindToTenant(database, SHARED_SCHEMA, tables, tenantId);`,
    replace: ``,
    test: [
      "libs/lib/src/tenant-databases/tenant-databases.pg.spec.ts",
      "has the walls of the shared one",
    ],
  },
  {
    name: "exports: a column called like the row is taken for it",
    file: `${ISOLATION}/tenant-rows.store.ts`,
    find: `row_to_json(r.*)::text`,
    replace: `row_to_json(r)::text`,
    test: [ROWS_SPEC, "are exported to the last digit"],
  },
  {
    name: "exports: line feeds of json end a line",
    file: `${ISOLATION}/tenant-rows.store.ts`,
    find: `E'\\\\n\\\\r', '  ')`,
    replace: `E'', '')`,
    test: [ROWS_SPEC, "are exported to the last digit"],
  },
  {
    name: "exports: the object form rounds numbers",
    file: "libs/lib/src/gdpr/tenant-export.service.ts",
    find: `read.push(parseExact(row))`,
    replace: `read.push((parseExact, JSON.parse(row)))`,
    test: [ROWS_SPEC, "are exported to the last digit"],
  },
  {
    name: "schemas: a tenant's own configuration frees it of what holds above",
    file: "libs/lib/src/tenancy/creation-plan.ts",
    find: `isolationProblem(strategy, parent?.isolation ?? ruleOf([])) ??`,
    replace: ``,
    test: ["libs/lib/src/isolation/allowed-isolation.pg.spec.ts", "is not passed by configuration"],
  },
];
