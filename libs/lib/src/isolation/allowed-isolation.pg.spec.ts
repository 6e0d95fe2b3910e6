import type { IsolationStrategy } from "@stratum-hq/lib";
import { codeOf, useStratum } from "../../../../test/support/use-stratum";

const KEY = "stratum.allowed_isolation";

describe("stratum.allowed_isolation", () => {
  const t = useStratum();
  const allow = (id: string, value: IsolationStrategy[], flags: object = {}) =>
    t.stratum.setConfig(id, KEY, { value, ...flags });
  const create = (parent_id: string, isolation_strategy?: IsolationStrategy) =>
    t.stratum.createTenant({ name: "n", parent_id, isolation_strategy });
  const refused = (strategy: string, allowed: string[]) => ({
    ...{ code: "ISOLATION_NOT_ALLOWED", statusCode: 403, details: { strategy, allowed } },
  });

  it("says which strategies tenants may be created with, also when they take over their parent's", async () => {
    const { a } = await t.grow(["a"]);
    await allow(a!.id, ["SCHEMA_PER_TENANT"]);
    await expect(create(a!.id)).rejects.toMatchObject(refused("SHARED_RLS", ["SCHEMA_PER_TENANT"]));
    const own = await create(a!.id, "SCHEMA_PER_TENANT");
    expect((await create(own.id)).isolation_strategy).toBe("SCHEMA_PER_TENANT");
    expect(await codeOf(create(own.id, "SHARED_RLS"))).toBe("ISOLATION_NOT_ALLOWED");
  });

  it("is overridden below, unless it is locked above", async () => {
    const g = await t.grow(["b", ["b1"], ["b2"]]);
    await allow(g.b!.id, ["SHARED_RLS"]);
    await allow(g.b1!.id, ["SCHEMA_PER_TENANT", "SHARED_RLS"]);
    expect(await codeOf(create(g.b1!.id, "SCHEMA_PER_TENANT"))).toBe("ok");
    expect(await codeOf(create(g.b2!.id, "SCHEMA_PER_TENANT"))).toBe("ISOLATION_NOT_ALLOWED");
    await allow(g.b!.id, ["SHARED_RLS"], { locked: true });
    expect(await codeOf(create(g.b1!.id, "SCHEMA_PER_TENANT"))).toBe("ISOLATION_NOT_ALLOWED");
  });

  it("holds for the tenant that is created with it, and for those below it in the same batch", async () => {
    const config = { [KEY]: ["SHARED_RLS"] };
    const alone = t.stratum.createTenant({
      ...{ name: "c", isolation_strategy: "SCHEMA_PER_TENANT", config },
    });
    expect(await codeOf(alone)).toBe("ISOLATION_NOT_ALLOWED");
    const { created, errors } = await t.stratum.batchCreateTenants([
      { name: "c", config },
      { name: "c1", parent_index: 0 },
      { name: "c2", parent_index: 1, isolation_strategy: "SCHEMA_PER_TENANT" },
    ]);
    expect(created).toEqual([]);
    expect(errors).toMatchObject([{ index: 2, code: "ISOLATION_NOT_ALLOWED" }]);
  });

  it("is not passed by configuration that a tenant is created with, locked above or not", async () => {
    const { e } = await t.grow(["e"]);
    await allow(e!.id, ["SHARED_RLS"]);
    const isolation_strategy = "SCHEMA_PER_TENANT";
    const config = { [KEY]: [isolation_strategy] };
    const passing = { name: "n", parent_id: e!.id, isolation_strategy, config } as const;
    expect(await codeOf(t.stratum.createTenant(passing))).toBe("ISOLATION_NOT_ALLOWED");
    const { errors } = await t.stratum.batchCreateTenants([
      { name: "n", config: { [KEY]: ["SHARED_RLS"] } },
      { name: "n1", parent_index: 0, isolation_strategy, config },
    ]);
    expect(errors).toMatchObject([{ index: 1, code: "ISOLATION_NOT_ALLOWED" }]);
  });

  it("leaves tenants as they are that were created before", async () => {
    const { d } = await t.grow(["d"]);
    const before = await create(d!.id, "SCHEMA_PER_TENANT");
    await allow(d!.id, ["SHARED_RLS"]);
    expect(await t.stratum.getTenant(before.id)).toEqual(before);
    expect(await codeOf(create(before.id))).toBe("ISOLATION_NOT_ALLOWED");
  });
});
