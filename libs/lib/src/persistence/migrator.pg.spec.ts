import { join } from "node:path";
import { migrate, Stratum } from "@stratum-hq/lib";
import { MIGRATION_NAMES, MIGRATIONS } from "@stratum-hq/migrations";
import { Pool } from "pg";
import { runChild } from "../../../../test/support/child";
import { times } from "../../../../test/support/scale";
import { createTestDatabase, type TestDatabase } from "../../../../test/support/test-database";
import { codeOf } from "../../../../test/support/use-stratum";
import { DECLARED } from "../declarations";
import { borrowed } from "./borrowed-pool";
import { createDataSource } from "./data-source";

const PROGRAM = join(__dirname, "..", "..", "..", "..", "test", "programs", "migrate.ts");

/** Processes that migrate at once. */
const PROCESSES = times(6, 12);
/** What the processes wait for before they migrate. */
const GATE = 4_711_001;

describe("migrate", () => {
  let database: TestDatabase;

  beforeEach(async () => {
    database = await createTestDatabase({ migrated: false });
  });
  afterEach(() => database.drop());

  async function applied(): Promise<string[]> {
    const { rows } = await database.pool.query<{ name: string }>(
      "select name from stratum.schema_migrations order by id",
    );
    return rows.map(({ name }) => name);
  }

  it("brings an empty database up to date, once", async () => {
    await migrate(database.pool);
    expect(await applied()).toEqual(MIGRATION_NAMES);
    await migrate(database.pool);
    expect(await applied()).toEqual(MIGRATION_NAMES);
  });

  it.each(MIGRATIONS.map((_, n) => n))(
    "applies what a database with the first %i migrations lacks",
    async (count) => {
      await database.pool.query("create schema stratum; create extension ltree");
      const earlier = createDataSource(borrowed(database.pool), []);
      earlier.setOptions({ migrations: MIGRATIONS.slice(0, count) });
      await earlier.initialize();
      await earlier.runMigrations({ transaction: "none" });
      await earlier.destroy();
      expect(await applied()).toEqual(MIGRATION_NAMES.slice(0, count));
      await migrate(database.pool);
      expect(await applied()).toEqual(MIGRATION_NAMES);
    },
  );

  it(`serves ${PROCESSES} processes that migrate the same empty database at once`, async () => {
    const gate = await database.pool.connect();
    await gate.query("select pg_advisory_lock($1)", [GATE]);
    const children = Array.from({ length: PROCESSES }, () =>
      runChild(PROGRAM, [database.url, String(GATE)]),
    );
    for (let waiting = 0; waiting < PROCESSES;) {
      const { rowCount } = await gate.query(
        "select from pg_locks where locktype = 'advisory' and objid = $1 and not granted",
        [GATE],
      );
      waiting = rowCount ?? 0;
      await new Promise((done) => setTimeout(done, 20));
    }
    await gate.query("select pg_advisory_unlock($1)", [GATE]);
    gate.release();
    const ends = await Promise.all(children.map(({ ended }) => ended));
    expect(ends.map(({ code, stderr }) => [code, stderr])).toEqual(ends.map(() => [0, ""]));
    expect(await applied()).toEqual(MIGRATION_NAMES);
  });

  it("refuses a schema that a newer release made", async () => {
    await migrate(database.pool);
    await database.pool.query(
      "insert into stratum.schema_migrations (timestamp, name) values (9, 'FromTheFuture9')",
    );
    await expect(migrate(database.pool)).rejects.toMatchObject({
      code: "SCHEMA_TOO_NEW",
      details: { unknown: ["FromTheFuture9"] },
    });
    const stratum = new Stratum({ pool: database.pool, autoMigrate: false });
    expect(await codeOf(stratum.initialize())).toBe("SCHEMA_TOO_NEW");
  });

  it("leaves an old schema alone when autoMigrate is off, and says what it lacks", async () => {
    const stratum = new Stratum({ pool: database.pool, autoMigrate: false });
    await expect(stratum.initialize()).rejects.toMatchObject({
      code: "MIGRATION_REQUIRED",
      details: { pending: MIGRATION_NAMES },
    });
    await migrate(database.pool);
    await stratum.initialize();
    await stratum.close();
  });

  it("applies nothing of a migration that fails", async () => {
    await database.pool.query("create schema stratum");
    await database.pool.query("create table stratum.config_entries (in_the_way int)");
    expect(await codeOf(migrate(database.pool))).toBe("MIGRATION_FAILED");
    const { rows } = await database.pool.query("select to_regclass('stratum.tenants') as found");
    expect(rows).toEqual([{ found: null }]);
  });

  describe("by a login without privileges", () => {
    let plain: Pool;
    const login = `plain_${process.pid}_${Date.now()}`;

    beforeEach(async () => {
      await database.pool.query(`create role ${login} login password 'x'`);
      await database.pool.query(`revoke create on database ${database.name} from public`);
      const url = new URL(database.url);
      url.username = login;
      url.password = "x";
      plain = new Pool({ connectionString: url.toString(), max: 2 });
    });
    afterEach(async () => {
      await plain.end();
      await database.pool.query(`drop owned by ${login} cascade`);
      await database.pool.query(`drop role ${login}`);
    });

    it("says what a privileged login has to run, one thing after the other, then works", async () => {
      const statements: string[] = [];
      for (;;) {
        const error = await migrate(plain).then(
          () => null,
          (reason: { code: string; details: { statement: string } }) => reason,
        );
        if (error === null) break;
        expect(error.code).toBe("MIGRATION_PRIVILEGE_MISSING");
        const statement = error.details.statement;
        expect(statements).not.toContain(statement);
        statements.push(statement);
        await database.pool.query(statement);
        if (statement.includes("schema")) {
          await database.pool.query(`alter schema stratum owner to ${login}`);
        }
      }
      expect(statements[0]).toContain("create schema");
      expect(statements.slice(-4)).toEqual([
        `grant stratum_maintenance to ${login} with inherit false, set true`,
        `grant stratum_audit to ${login} with admin true, inherit false, set false`,
        `grant stratum_context to ${login} with admin true, inherit false, set false`,
        `grant stratum_subtree to ${login} with admin true, inherit false, set false`,
      ]);
      expect(await applied()).toEqual(MIGRATION_NAMES);
    });
  });

  it("leaves no difference between the entities and the database", async () => {
    await migrate(database.pool);
    const dataSource = createDataSource(borrowed(database.pool), [...DECLARED.entities]);
    await dataSource.initialize();
    try {
      // TypeORM reads how generated columns are made from a table of its own; it is for this test alone.
      await describeGeneratedColumns(database, "tenants");
      const { upQueries } = await dataSource.driver.createSchemaBuilder().log();
      const differences = upQueries
        .map(({ query }) => query)
        .filter((query) => !query.includes("typeorm_metadata"));
      expect(differences).toEqual([]);
    } finally {
      await dataSource.destroy();
    }
  });
});

async function describeGeneratedColumns(database: TestDatabase, table: string): Promise<void> {
  await database.pool.query(`
    create table stratum.typeorm_metadata (
      "type" varchar not null, "database" varchar, "schema" varchar,
      "table" varchar, "name" varchar, "value" text)`);
  const columns = { depth: "nlevel(path) - 1", root_id: "ltree2text(subpath(path, 0, 1))::uuid" };
  for (const [name, value] of Object.entries(columns)) {
    await database.pool.query(
      `insert into stratum.typeorm_metadata values ('GENERATED_COLUMN', $1, 'stratum', $2, $3, $4)`,
      [database.name, table, name, value],
    );
  }
}
