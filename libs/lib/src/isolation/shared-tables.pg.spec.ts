import { Stratum, withTenantContext, type TenantTableDeclaration } from "@stratum-hq/lib";
import { codeOf, useStratum } from "../../../../test/support/use-stratum";

const PRIORITIES: TenantTableDeclaration = {
  name: "priorities",
  create: "create table priorities (id int primary key, label text not null)",
  reference: true,
};
const TICKETS: TenantTableDeclaration = {
  name: "tickets",
  create: [
    `create table tickets (tenant_id uuid not null, id uuid not null default gen_random_uuid(),
       title text, priority int references priorities, primary key (tenant_id, id))`,
    "create index tickets_title on tickets (tenant_id, title)",
  ],
};

describe("tenants' tables of the options", () => {
  const t = useStratum({}, { tenantTables: [PRIORITIES, TICKETS] });
  const start = async (options: {
    autoMigrate?: boolean;
    tenantTables: TenantTableDeclaration[];
  }) => {
    const stratum = new Stratum({ pool: t.pool, ...options });
    return codeOf(stratum.initialize()).finally(() => stratum.close());
  };

  it("are there after the start, and hold each tenant's rows apart", async () => {
    const { a, b } = await t.grow(["a", ["b"]]);
    const pool = await t.stratum.tenantPool();
    await t.rows("insert into priorities values (1, 'high')");
    await withTenantContext(pool, a!.id, (client) =>
      client.query("insert into tickets (title, priority) values ('of a', 1)"),
    );
    const titles = (id: string) =>
      withTenantContext(
        pool,
        id,
        async (client) => (await client.query("select title from tickets")).rows,
      );
    expect([await titles(a!.id), await titles(b!.id)]).toEqual([[{ title: "of a" }], []]);
  });

  it("that are declared reference are read by tenants, and written by none", async () => {
    const { a } = await t.grow(["reader"]).then(({ reader }) => ({ a: reader! }));
    const pool = await t.stratum.tenantPool();
    await t.stratum.runInTenant(a.id, async () => {
      expect((await pool.query("select label from priorities")).rows).toEqual([{ label: "high" }]);
      for (const text of ["insert into priorities values (2, 'low')", "delete from priorities"]) {
        expect(await codeOf(pool.query(text))).toBe("42501");
      }
    });
  });

  it("are created once by processes that start together, each in its place", async () => {
    const late = {
      name: "late",
      create: "create table late (id uuid primary key, tenant_id uuid)",
    };
    const starts = Array.from({ length: 4 }, () =>
      start({ tenantTables: [PRIORITIES, TICKETS, late] }),
    );
    expect(await Promise.all(starts)).toEqual(["ok", "ok", "ok", "ok"]);
    expect(await start({ tenantTables: [late], autoMigrate: false })).toBe("ok");
  });

  it("that lack are named where autoMigrate is off, and nothing is created", async () => {
    const more = { name: "more", create: "create table more (id uuid primary key)" };
    expect(await start({ tenantTables: [TICKETS, more], autoMigrate: false })).toBe(
      "TENANT_TABLES_MISSING",
    );
    expect(await t.rows("select from pg_class where relname = 'more'")).toEqual([]);
  });

  it("that the host created without row security are made to hold tenants' rows", async () => {
    await t.rows("create table public.plain (id uuid primary key)");
    const plain = { name: "plain", create: "create table plain (id uuid primary key)" };
    expect(await start({ tenantTables: [plain], autoMigrate: false })).toBe(
      "TENANT_TABLES_MISSING",
    );
    expect(await start({ tenantTables: [plain] })).toBe("ok");
    expect(
      await t.rows("select relforcerowsecurity as forced from pg_class where relname = 'plain'"),
    ).toEqual([{ forced: true }]);
  });

  it("are refused where they could not be in every placement", async () => {
    const refused: [string, TenantTableDeclaration[]][] = [
      ["twice", [TICKETS, TICKETS]],
      ["a name of PostgreSQL's", [{ name: "pg_x", create: "create table pg_x (id int)" }]],
      ["nothing", [{ name: "x", create: " " }]],
      ["another schema", [{ name: "x", create: "create table public.y (id uuid primary key)" }]],
      [
        "a reference to nobody's table",
        [
          { name: "y", create: "create table y (id int primary key)", reference: true },
          { name: "z", create: "create table z (id int primary key, y int)", reference: true },
          { name: "x", create: "create table x (id uuid primary key, v int references versions)" },
        ],
      ],
      [
        "a reference without a key",
        [{ name: "x", create: "create table x (id int)", reference: true }],
      ],
      [
        "a reference with tenant_id",
        [
          {
            name: "x",
            create: "create table x (id int primary key, tenant_id uuid)",
            reference: true,
          },
        ],
      ],
      ["a serial key", [{ name: "x", create: "create table x (id serial primary key)" }]],
    ];
    await t.rows("create table public.versions (id int primary key)");
    for (const [why, tenantTables] of refused) {
      expect([why, await start({ tenantTables })]).toEqual([why, "TENANT_TABLE_INVALID"]);
    }
    expect(await t.rows("select from pg_class where relname in ('x', 'y', 'z')")).toEqual([]);
  });
});
