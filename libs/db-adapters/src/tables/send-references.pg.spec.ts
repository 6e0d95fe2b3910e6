import { DeclaredTables, sendReferences } from "@stratum-hq/db-adapters";
import type { PoolClient } from "pg";
import { createTestDatabase, type TestDatabase } from "../../../../test/support/test-database";

const TABLES = new DeclaredTables([
  {
    name: "units",
    create: `create table units (id int primary key, name text, factor numeric, tags text[], about json,
      long text generated always as (name || 's') stored)`,
    reference: true,
  },
  {
    name: "aliases",
    create:
      "create table aliases (unit int references units, alias text, primary key (unit, alias))",
    reference: true,
  },
]);
const ROWS = 2500;

describe("reference tables, sent from one database to another", () => {
  let databases: TestDatabase[];
  let clients: PoolClient[];

  beforeAll(async () => {
    databases = [await createTestDatabase(), await createTestDatabase()];
    clients = await Promise.all(databases.map(({ pool }) => pool.connect()));
    for (const client of clients) await TABLES.create(client, "public");
    await clients[0]!.query(
      `insert into public.units (id, name, factor, tags, about)
       select n, 'unit ' || n, n + 0.123456789012345678, array['a', 'b"'], '{"k": [1]}' from generate_series(1, $1::int) as n`,
      [ROWS],
    );
    await clients[0]!.query(
      "insert into public.aliases select n, 'x' from generate_series(1, 10) as n",
    );
  });
  afterAll(async () => {
    for (const client of clients) client.release();
    for (const database of databases) await database.drop();
  });

  const rowsOf = async (n: number) =>
    (
      await clients[n]!.query<{ r: string }>(
        "select u::text as r from public.units u union all select a::text from public.aliases a order by 1",
      )
    ).rows;

  async function send(): Promise<number> {
    const [source, target] = clients as [PoolClient, PoolClient];
    await target.query("begin");
    try {
      const sent = await sendReferences(source, target, TABLES.references, {
        from: "public",
        to: "public",
      });
      await target.query("commit");
      return sent;
    } catch (error) {
      await target.query("rollback");
      throw error;
    }
  }

  it("are the same there, to the last digit", async () => {
    expect(await send()).toBe(ROWS + 10);
    expect(await rowsOf(1)).toEqual(await rowsOf(0));
  });

  it("cost writes where they differ, and nowhere else", async () => {
    expect(await send()).toBe(0);
    await clients[0]!.query("delete from public.aliases where unit = 3");
    await clients[0]!.query("delete from public.units where id = 3");
    await clients[0]!.query("update public.units set factor = 0 where id = 5");
    await clients[1]!.query("insert into public.units (id, name) values (-1, 'stray')");
    expect(await send()).toBe(4);
    expect(await rowsOf(1)).toEqual(await rowsOf(0));
  });
});
