import type { CustomTypesConfig, PoolConfig } from "pg";
import { useTenantTables } from "../../../../test/support/use-tenant-tables";
import { enableRls } from "../rls/enable-rls";
import { proveIsolation } from "./prove-isolation";
import { requireSound } from "./require-sound";

/** What a host may have made of PostgreSQL's types, for its pool or for the whole process. */
const PARSERS: readonly [of: string, parse: (text: string) => unknown][] = [
  ["to 1 and 0", (text) => (text === "t" ? 1 : 0)],
  ["to nothing", () => undefined],
  ["to false", () => false],
  ["to objects", (text) => ({ text })],
  [
    "by throwing",
    () => {
      throw new Error("not of this type");
    },
  ],
];

describe.each(PARSERS)("a pool that parses all types %s", (_, parse) => {
  const t = useTenantTables();
  const types = { getTypeParser: () => parse } as unknown as CustomTypesConfig;
  const config: PoolConfig = { types };

  const reportOf = () =>
    proveIsolation({
      places: [{ name: "shared", connections: t.pool("superuser", config) }],
      key: t.key,
      hardened: false,
    });

  it("is shown to be sound where it is, by attacks too", async () => {
    const { sound, findings, attacks } = await reportOf();
    expect({ sound, findings, leaks: attacks.leaks }).toEqual({
      sound: true,
      findings: [],
      leaks: [],
    });
    expect(attacks.refused).toBeGreaterThan(20);
  });

  it("does not start over a hole, which the proof names and the attacks use", async () => {
    await t.database.pool.query("alter table orders disable row level security");
    await expect(requireSound(t.pool("superuser", config), false)).rejects.toMatchObject({
      code: "ISOLATION_UNSOUND",
    });
    const { sound, findings, attacks } = await reportOf();
    expect(sound).toBe(false);
    expect(findings.map(({ object }) => object)).toContain("public.orders");
    expect(attacks.leaks.map(({ object }) => object)).toContain("public.orders");
    await t.database.pool.query("alter table orders enable row level security");
  });

  it("makes a table one of tenants' rows as any other does", async () => {
    const client = await t.pool("superuser", config).connect();
    try {
      await client.query("create table public.notes (id integer primary key)");
      await expect(enableRls(client, "notes")).rejects.toMatchObject({
        code: "TENANT_TABLE_INVALID",
      });
      await client.query(
        "drop table public.notes; create table public.notes (id uuid primary key)",
      );
      await enableRls(client, "notes");
    } finally {
      client.release();
    }
    await expect(requireSound(t.pool("superuser", config), false)).resolves.toBeUndefined();
    await t.database.pool.query("drop table public.notes");
  });
});

describe("a pool that asks for columns as bytes", () => {
  const t = useTenantTables();

  it("is refused in words, since no check could read its answers", async () => {
    // pg's types do not know of it.
    const bytes = { binary: true } as PoolConfig;
    await expect(requireSound(t.pool("superuser", bytes), false)).rejects.toThrow(
      "without `binary: true`",
    );
  });
});
