import { createTestDatabase } from "./test-database";

const TABLES = "select count(*)::int from information_schema.tables where table_schema = 'stratum'";

describe("createTestDatabase", () => {
  it("makes migrated databases of their own, also many at once", async () => {
    const databases = await Promise.all(Array.from({ length: 5 }, () => createTestDatabase()));
    expect(new Set(databases.map(({ name }) => name)).size).toBe(5);
    for (const { pool } of databases) {
      expect((await pool.query<{ count: number }>(TABLES)).rows[0]?.count).toBeGreaterThan(0);
    }
    await databases[0]!.pool.query("create table only_here ()");
    await expect(databases[1]!.pool.query("table only_here")).rejects.toMatchObject({
      code: "42P01",
    });
    await Promise.all(databases.map((database) => database.drop()));
  });

  it("makes empty ones", async () => {
    const database = await createTestDatabase({ migrated: false });
    expect((await database.pool.query(TABLES)).rows).toEqual([{ count: 0 }]);
    await database.drop();
  });

  it("gives the pool what is asked for", async () => {
    const database = await createTestDatabase({ migrated: false, pool: { max: 1 } });
    expect(database.pool.options.max).toBe(1);
    expect(database.newPool().options.max).toBe(20);
    await database.drop();
  });

  it("drops them, whoever is still connected", async () => {
    const kept = await createTestDatabase({ migrated: false });
    const gone = await createTestDatabase({ migrated: false });
    await gone
      .newPool()
      .connect()
      .then((client) => client.release());
    await gone.drop();
    const found = await kept.pool.query("select from pg_database where datname = $1", [gone.name]);
    expect(found.rowCount).toBe(0);
    await kept.drop();
  });
});
