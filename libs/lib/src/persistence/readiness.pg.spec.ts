import { Test } from "@nestjs/testing";
import { Readiness, StratumModule } from "@stratum-hq/lib";
import { Client } from "pg";
import { createTestDatabase, type TestDatabase } from "../../../../test/support/test-database";

describe("Readiness", () => {
  let database: TestDatabase;
  beforeEach(async () => (database = await createTestDatabase()));
  afterEach(() => database.drop());

  async function report() {
    const stratum = StratumModule.forRoot({ pool: database.newPool(), worker: false });
    const module = await Test.createTestingModule({ imports: [stratum] }).compile();
    await module.init();
    return { check: () => module.get(Readiness).check(), close: () => module.close() };
  }

  it("says what is missing", async () => {
    const { check, close } = await report();
    const ready = { ready: true };
    expect(await check()).toEqual({ database: ready, migrations: ready, feed: ready });

    await database.pool.query(
      "insert into stratum.schema_migrations (timestamp, name) values (9, 'of-later')",
    );
    expect(await check()).toEqual({
      database: ready,
      migrations: { ready: false, code: "SCHEMA_TOO_NEW" },
      feed: { ready: false },
    });
    await database.pool.query("delete from stratum.schema_migrations where id > 1");
    expect(await check()).toMatchObject({
      database: ready,
      migrations: { ready: false, code: "MIGRATION_REQUIRED" },
    });
    await close();
  });

  it("says that the database takes no connections", async () => {
    const { check, close } = await report();
    const url = new URL(database.url);
    url.pathname = "/postgres";
    const server = new Client({ connectionString: url.toString() });
    await server.connect();
    await server.query(`alter database ${database.name} allow_connections false`);
    await server.query(
      "select pg_terminate_backend(pid, 10000) from pg_stat_activity where datname = $1",
      [database.name],
    );
    // The server ends its connections by and by.
    while ((await check()).database.ready) await new Promise((done) => setTimeout(done, 20));
    expect(await check()).toMatchObject({
      database: { ready: false, code: "DATABASE_ERROR" },
      migrations: { ready: false },
    });
    await server.query(`alter database ${database.name} allow_connections true`);
    await server.end();
    await close();
  });
});
