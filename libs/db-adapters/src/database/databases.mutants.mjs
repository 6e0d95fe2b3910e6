const BUDGET = "libs/db-adapters/src/database";
const LIB = "libs/lib/src/tenant-databases";
const BUDGET_SPEC = `${BUDGET}/connection-budget.pg.spec.ts`;
const SPEC = `${LIB}/tenant-databases.pg.spec.ts`;
const FAILING_SPEC = `${LIB}/failing-server.pg.spec.ts`;
const CONTRACT_SPEC = `${LIB}/database-contract.pg.spec.ts`;

const CONNECTIONS = [
  {
    name: "databases: a budget of nothing is taken",
    file: `${BUDGET}/connection-budget.ts`,
    find: `if (!Number.isInteger(this.#limit) || this.#limit < 1) {`,
    replace: `if (!Number.isInteger(this.#limit)) {`,
    test: [`${BUDGET}/connection-budget.spec.ts`, "is a number of connections"],
  },
  {
    name: "databases: more connections than the budget",
    file: `${BUDGET}/connection-budget.ts`,
    find: `if (this.#open >= this.#limit) break;`,
    replace: `if (this.#open > this.#limit) break;`,
    test: [BUDGET_SPEC, "makes room by the database"],
  },
  {
    name: "databases: a connection counts no more before the server has closed it",
    file: `${BUDGET}/connection-budget.ts`,
    find: `    this.#closing += 1;
    await closeClient(client).catch(() => undefined);
    this.#closing -= 1;
    this.#free();`,
    replace: `    void closeClient(client).catch(() => undefined);
    await Promise.resolve();
    this.#free();`,
    test: [BUDGET_SPEC, "counts a connection until"],
  },
  {
    name: "databases: who waits is not told when it was too long",
    file: `${BUDGET}/waiting.ts`,
    find: `if (this.#line.delete(waiting))`,
    replace: `if (this.#line.delete(waiting) && this.waitMs > 1000)`,
    test: [BUDGET_SPEC, "whoever finds none waits"],
  },
  {
    name: "databases: the head of the line is passed over for ever",
    file: `${BUDGET}/connection-budget.ts`,
    find: `if (!isFirst && first !== undefined) first.passedOver += 1;`,
    replace: `void first;`,
    test: [BUDGET_SPEC, "serves in the order of asking"],
  },
  {
    name: "databases: a connection that failed keeps its place",
    file: `${BUDGET}/connection-budget.ts`,
    find: `      this.#end(client);
      waiting.refuse(error);`,
    replace: `      waiting.refuse(error);`,
    test: [BUDGET_SPEC, "gives back the place"],
  },
  {
    name: "databases: a connection that broke is lent again",
    file: `${BUDGET}/connection-budget.ts`,
    find: `if (this.#idle.remove(key, client)) this.#end(client);`,
    replace: `void key;`,
    test: [BUDGET_SPEC, "drops connections that the server has ended"],
  },
  {
    name: "databases: a broken connection goes back",
    file: `${BUDGET}/connection-budget.ts`,
    find: `if (ended || (broken ?? false) !== false || this.#drained`,
    replace: `if (ended || this.#drained`,
    test: [BUDGET_SPEC, "lends a connection again"],
  },
  {
    name: "databases: a budget that has ended lends connections",
    file: `${BUDGET}/connection-budget.ts`,
    find: `if (this.#drained !== null) throw new StratumClosedError();`,
    replace: `if (this.#limit === 0) throw new StratumClosedError();`,
    test: [BUDGET_SPEC, "ends when all are released"],
  },
];

const WALLS = [
  {
    name: "databases: everybody may connect to a tenant's database",
    file: "migrations/src/1764028799000-tenant-database.ts",
    find: `'revoke connect, temporary on database %I from public'`,
    replace: `'revoke temporary on database %I from public'`,
    test: [SPEC, "has the walls of the shared one"],
  },
  {
    name: "databases: a tenant may make temporary tables in its database",
    file: "migrations/src/1764028799000-tenant-database.ts",
    find: `'revoke connect, temporary on database %I from public'`,
    replace: `'revoke connect on database %I from public'`,
    test: [SPEC, "has the walls of the shared one"],
  },
  {
    name: "databases: the login of tenantPool may do more in a tenant's database",
    file: `${LIB}/database-verification.ts`,
    find: `if (this.options.tenantPool !== undefined) await`,
    replace: `if (this.options.tenantPool === null) await`,
    test: [CONTRACT_SPEC, "are refused to a login of tenantPool"],
  },
  {
    name: "databases: a database does not learn another key",
    file: `${LIB}/database-verification.ts`,
    find: `if (await this.knows(tenant, verify)) return keyId;`,
    replace: `if (await this.knows(tenant, verify)) return keyId; else return keyId;`,
    test: [SPEC, "learns another key"],
  },
  {
    name: "databases: tenants' statements go through the owner",
    file: `${LIB}/tenant-servers.ts`,
    find: `clientOf(server, database, login),`,
    replace: `clientOf(server, database),`,
    test: [CONTRACT_SPEC, "serve the login of tenantPool"],
  },
  {
    name: "databases: a region's tenants are on the pool's server",
    file: `${LIB}/tenant-servers.ts`,
    find: `url === null ? own : {`,
    replace: `url !== undefined ? own : {`,
    test: [CONTRACT_SPEC, "are on the server of the region"],
  },
];

const PROVISIONING = [
  {
    name: "databases: a database is made of a tenant that is being purged",
    file: `${LIB}/tenant-activation.ts`,
    find: `    requireStorable(tenant);`,
    replace: ``,
    test: [FAILING_SPEC, "is not made any more once"],
  },
  {
    name: "databases: a tenant is active before its database is there",
    file: "libs/lib/src/tenancy/creation-plan.ts",
    find: `return strategy === "DB_PER_TENANT" || parent`,
    replace: `return parent`,
    test: [SPEC, "is made on record"],
  },
  {
    name: "databases: a tenant is active below one that is not",
    file: "libs/lib/src/tenancy/creation-plan.ts",
    find: `|| parent?.status === "provisioning"`,
    replace: ``,
    test: [FAILING_SPEC, "keeps those below it waiting"],
  },
  {
    name: "databases: a tenant becomes active below one that is shut",
    file: `${LIB}/tenant-activation.ts`,
    find: `await this.requireActiveParent(tx, before, caller);`,
    replace: ``,
    test: [FAILING_SPEC, "waits for it to be active"],
  },
  {
    name: "databases: two calls make a database at once",
    file: `${LIB}/provisioning.service.ts`,
    find: `await this.store.lock(tx, tenantId);`,
    replace: ``,
    test: [FAILING_SPEC, "is refused while another call makes it"],
  },
  {
    name: "databases: a tenant with a database changes its region",
    file: "libs/lib/src/regions/region-migration.service.ts",
    find: `if (row.isolation_strategy === "DB_PER_TENANT")`,
    replace: `if (row.id === "")`,
    test: [FAILING_SPEC, "stays in it from then on"],
  },
  {
    name: "databases: purge leaves the database",
    file: `${LIB}/database-maker.ts`,
    find: `this.store.drop(server, tenant.id));`,
    replace: `this.store.existing(server, [tenant.id]));`,
    test: [SPEC, "goes with its tenant"],
  },
  {
    name: "databases: a database that is there cannot be made again",
    file: `${LIB}/tenant-database.store.ts`,
    find: `if ((await this.existing(server, [tenantId])).length > 0) return;`,
    replace: ``,
    also: [`if (state === DUPLICATE_DATABASE) return;`, ``],
    test: [FAILING_SPEC, "goes on with a database that is there"],
  },
];

export const ISOLATION_DATABASES_MUTANTS = [...CONNECTIONS, ...WALLS, ...PROVISIONING];
