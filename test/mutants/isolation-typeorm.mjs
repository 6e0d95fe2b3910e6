const ADAPTER = "libs/db-adapters/src/typeorm";
const ORM = "libs/lib/src/tenant-orm";
const CONTRACT_SPEC = `${ADAPTER}/typeorm.pg.spec.ts`;
const TABLES_SPEC = `${ADAPTER}/entity-tables.pg.spec.ts`;
const TRIPS_SPEC = `${ADAPTER}/round-trips.pg.spec.ts`;
const ORM_SPEC = `${ORM}/tenant-orm.pg.spec.ts`;

export const TYPEORM_MUTANTS = [
  [
    "anybody's COMMIT ends TypeORM's transaction",
    `${ADAPTER}/tenant-connection.ts`,
    "this.#controls > 0 ? controlOf(text) : undefined",
    "controlOf(text)",
    [CONTRACT_SPEC, "forbids what a tenant's statement may not begin with"],
  ],
  [
    "a transaction forgets its isolation level",
    `${ADAPTER}/tenant-connection.ts`,
    "this.#held = { ...this.#held, ...options };",
    "this.#held = { ...options, ...{} } && this.#held;",
    [CONTRACT_SPEC, "keeps the isolation level"],
  ],
  [
    "a transaction begins before its first statement",
    `${ADAPTER}/tenant-connection.ts`,
    "else this.#held = {};",
    "else await client.begin();",
    [TRIPS_SPEC, "are one for BEGIN"],
  ],
  [
    "a BEGIN that failed is forgotten",
    `${ADAPTER}/tenant-connection.ts`,
    "      this.#held = options;\n",
    "",
    [ORM_SPEC, "has no transaction outside of a tenant"],
  ],
  [
    "a nested transaction that cannot start rolls back the outer one",
    `${ADAPTER}/tenant-query-runner.ts`,
    "this.#unstarted = isNested;",
    "this.#unstarted = isNested && false;",
    [CONTRACT_SPEC, "leaves the outer transaction as it is"],
  ],
  [
    "errors of Stratum come wrapped",
    `${ADAPTER}/tenant-query-runner.ts`,
    "throw ours instanceof StratumError ? ours : error;",
    "throw ours === null ? ours : error;",
    [CONTRACT_SPEC, "has nothing outside of a tenant's context"],
  ],
  [
    "synchronize changes tables",
    `${ADAPTER}/tenant-data-source.ts`,
    'return forbid("synchronize()");',
    "return super.synchronize();",
    [CONTRACT_SPEC, "forbids what a tenant's statement may not begin with"],
  ],
  [
    "an entity's tenant is PostgreSQL's to fill in",
    `${ADAPTER}/tenant-id-column.ts`,
    "column.setEntityValue(entity, this.scope.current());",
    "column.getEntityValue(entity);",
    [CONTRACT_SPEC, "saves an entity and what cascades reach"],
  ],
  [
    "an entity may name a schema",
    `${ADAPTER}/entity-rules.ts`,
    "schema === undefined ? []",
    "schema !== null ? []",
    [TABLES_SPEC, "are refused where they could not hold"],
  ],
  [
    "tables that are there are changed",
    `${ADAPTER}/entity-ddl.ts`,
    "entity.synchronize = false;",
    "entity.synchronize = true;",
    [TABLES_SPEC, "nothing that is there is changed or dropped"],
  ],
  [
    "foreign keys of entities cross tenants",
    `${ADAPTER}/paired-foreign-keys.ts`,
    "if (!key.columns.includes(own)) pair(key, own, referred);",
    "if (key.columns.length === 0) pair(key, own, referred);",
    [TABLES_SPEC, "which pair tenant_id"],
  ],
  [
    "SET NULL takes the tenant away",
    `${ADAPTER}/paired-foreign-keys.ts`,
    'key.onDelete === "SET NULL"',
    'key.onDelete === "SET DEFAULT"',
    [TABLES_SPEC, "which pair tenant_id"],
  ],
  [
    "tenants write reference entities",
    `${ADAPTER}/entity-tables.ts`,
    "if (this.references.includes(name))",
    "if (reference.length > 99)",
    [TABLES_SPEC, "which tenants read and do not write"],
  ],
  [
    "the pool passes the transaction in context over",
    "libs/db-adapters/src/pg/tenant-pool.ts",
    "if (inContext?.isOf(this.#settings) === true)",
    "if (inContext?.isOf(this.#settings) === undefined)",
    [ORM_SPEC, "takes the tenants' pool along"],
    ["return inContext.borrowed();", "return inContext!.borrowed();"],
  ],
  [
    "who borrowed the transaction's connection gives it back",
    "libs/db-adapters/src/pg/tenant-client.ts",
    "if (!this.#isBorrowed) this.#session.release();",
    "this.#session.release();",
    [ORM_SPEC, "takes the tenants' pool along"],
  ],
  [
    "a new transaction takes part in the outer one",
    `${ORM}/tenant-transactional-adapter.ts`,
    "        setTx(undefined);\n",
    "",
    [ORM_SPEC, "begins apart where it is told to"],
  ],
  [
    "repositories are outside of the transaction",
    `${ORM}/tenant-orm.ts`,
    "return inContext?.dataSource === source ? inContext : source.manager;",
    "return inContext?.dataSource === null ? inContext : source.manager;",
    [ORM_SPEC, "takes it back when it fails"],
  ],
  [
    "two plugins share a name",
    `${ORM}/transactions.module.ts`,
    "if (hosts.length === 1) return;",
    "if (hosts.length > 0) return;",
    [ORM_SPEC, "is refused where another plugin takes the name"],
  ],
].map(([name, file, find, replace, test, also]) => ({
  name: `isolation typeorm: ${name}`,
  file,
  find,
  replace,
  test,
  ...(also === undefined ? {} : { also }),
}));
