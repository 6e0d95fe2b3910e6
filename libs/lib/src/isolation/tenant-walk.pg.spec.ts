import { runAs, Stratum, type Tenant } from "@stratum-hq/lib";
import { DECLARED } from "../../../../test/support/declared-tables";
import { codeOf, useStratum } from "../../../../test/support/use-stratum";

describe("forEachTenant", () => {
  const t = useStratum({}, { tenantTables: DECLARED });
  let tenants: Record<string, Tenant>;
  const id = (name: string): string => tenants[name]!.id;

  beforeAll(async () => {
    tenants = await t.grow(["msp", ["x", ["x1"]], ["y"]]);
  });

  it("runs in the context of the tenant and of each below, wherever each has its rows", async () => {
    const apart = await t.stratum.createTenant({
      name: "apart",
      parent_id: id("x"),
      isolation_strategy: "SCHEMA_PER_TENANT",
    });
    const pool = await t.stratum.tenantPool();
    const all = [...Object.values(tenants), apart];
    const walked = await t.stratum.forEachTenant(id("msp"), async (tenant) => {
      expect(Stratum.currentTenantId()).toBe(tenant.id);
      await pool.query("insert into orders (note) values ($1)", [tenant.name]);
    });
    expect(walked).toEqual({ succeeded: all.length, failed: 0, skipped: 0, failures: [] });
    const seen: unknown[] = [];
    await t.stratum.forEachTenant(id("msp"), async ({ id: tenant }) => {
      const { rows } = await pool.query("select tenant_id, note from orders");
      seen.push([tenant, rows]);
    });
    const expected = all.map(({ id: tenant_id, name }) => [tenant_id, [{ tenant_id, note: name }]]);
    expect(new Map(seen as [])).toEqual(new Map(expected as []));
  });

  it("goes on past a tenant that fails, and names it", async () => {
    const error = new Error("of the work");
    const walked = await t.stratum.forEachTenant(id("msp"), ({ id: tenant }) => {
      if (tenant === id("x")) throw error;
    });
    expect(walked).toMatchObject({ failed: 1, failures: [{ tenant_id: id("x"), error }] });
    expect(walked.succeeded).toBe(4);
  });

  it("counts an error of the work as a failure, also one that says a tenant is shut", async () => {
    await t.stratum.suspendTenant(id("x1"));
    const walked = await t.stratum.forEachTenant(id("y"), () =>
      t.stratum.runInTenant(id("x1"), () => 1),
    );
    expect(walked).toMatchObject({ succeeded: 0, failed: 1, skipped: 0 });
    await t.stratum.resumeTenant(id("x1"));
  });

  it("skips tenants that may not be entered, and those that cease to be while it walks", async () => {
    await t.stratum.suspendTenant(id("x1"));
    const late = await t.stratum.createTenant({ name: "late", parent_id: id("y") });
    const met: string[] = [];
    const walked = await t.stratum.forEachTenant(
      id("msp"),
      async ({ id: tenant }) => {
        met.push(tenant);
        if (tenant === id("msp")) await t.stratum.suspendTenant(late.id);
      },
      { concurrency: 1 },
    );
    expect(walked).toMatchObject({ failed: 0, skipped: 2, succeeded: 4 });
    expect(met).not.toContain(late.id);
    await t.stratum.purgeTenant(late.id);
    await t.stratum.resumeTenant(id("x1"));
  });

  it("works for so many at a time, and meets each of many pages once", async () => {
    const root = await t.stratum.createTenant({ name: "wide" });
    const inputs = Array.from({ length: 250 }, (_, n) => ({ name: `w${n}`, parent_id: root.id }));
    await t.stratum.batchCreateTenants(inputs);
    const met: string[] = [];
    let [now, most] = [0, 0];
    const walked = await t.stratum.forEachTenant(
      root.id,
      async ({ id: tenant }) => {
        met.push(tenant);
        now += 1;
        most = Math.max(most, now);
        await new Promise((done) => setImmediate(done));
        now -= 1;
        if (met.length % 2 === 0) throw new Error("every other");
      },
      { concurrency: 3 },
    );
    expect([met.length, new Set(met).size, most]).toEqual([251, 251, 3]);
    expect(walked.succeeded + walked.failed).toBe(251);
    expect(walked.failures).toHaveLength(100);
  });

  it("is refused for a tenant that is unknown to the caller, or shut", async () => {
    const walk = (tenant: string) => t.stratum.forEachTenant(tenant, () => undefined);
    const child = { actor_id: "c", actor_type: "jwt", tenant_id: id("x") } as const;
    expect(await codeOf(runAs(child, () => walk(id("msp"))))).toBe("TENANT_NOT_FOUND");
    await t.stratum.suspendTenant(id("y"));
    expect(await codeOf(walk(id("y")))).toBe("TENANT_SUSPENDED");
    expect(await codeOf(t.stratum.forEachTenant(id("x"), () => 1, { concurrency: 0 }))).toBe(
      "VALIDATION_ERROR",
    );
  });
});
