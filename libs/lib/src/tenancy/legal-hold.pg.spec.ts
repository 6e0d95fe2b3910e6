import { runAs, type Actor, type Tenant } from "@stratum-hq/lib";
import { codeOf, useStratum } from "../../../../test/support/use-stratum";

describe("a legal hold", () => {
  const t = useStratum();

  const bound = (tenant: Tenant): Actor => ({
    ...{ actor_id: "a", actor_type: "jwt", tenant_id: tenant.id, scopes: ["admin"] },
  });
  const hold = (tenant: Tenant, legal_hold = true) =>
    t.stratum.updateTenant(tenant.id, { legal_hold });
  const as = (tenant: Tenant, work: () => Promise<unknown>) =>
    runAs(bound(tenant), () => codeOf(work()));

  it("refuses the purge of the tenant, of what is above and of what is below", async () => {
    const g = await t.grow(["a", ["b", ["c", ["d"]], ["e"]]]);
    expect(await hold(g.c!)).toMatchObject({ legal_hold: true, version: 2 });
    for (const tenant of [g.a!, g.b!, g.c!, g.d!]) {
      await expect(t.stratum.purgeTenant(tenant.id, { subtree: true })).rejects.toMatchObject({
        ...{ code: "TENANT_ON_LEGAL_HOLD", details: { tenant_id: g.c!.id } },
      });
    }
    expect(await codeOf(t.stratum.purgeTenant(g.e!.id))).toBe("ok");
    await hold(g.c!, false);
    expect(await codeOf(t.stratum.purgeTenant(g.d!.id))).toBe("ok");
    const [lifted] = await t.stratum.queryAuditLogs({
      ...{ tenant_id: g.c!.id, action: "tenant.updated" },
    });
    expect(lifted).toMatchObject({
      ...{ before_state: { legal_hold: true }, after_state: { legal_hold: false } },
    });
  });

  it("keeps what is below it there: nobody moves it out to purge it", async () => {
    const g = await t.grow(["o", ["p", ["q", ["q1"]], ["r"]], ["s"]]);
    await hold(g.p!);
    for (const parent of [g.s!.id, g.o!.id, null]) {
      await expect(t.stratum.moveTenant(g.q!.id, parent)).rejects.toMatchObject({
        ...{ code: "TENANT_ON_LEGAL_HOLD", details: { tenant_id: g.p!.id } },
      });
    }
    expect(await codeOf(t.stratum.moveTenant(g.q!.id, g.r!.id))).toBe("ok");
    // The held tenant itself takes its hold along.
    expect(await codeOf(t.stratum.moveTenant(g.p!.id, g.s!.id))).toBe("ok");
    await hold(g.p!, false);
    expect(await codeOf(t.stratum.moveTenant(g.q!.id, null))).toBe("ok");
  });

  it("does not tell who is above that holds", async () => {
    const g = await t.grow(["h", ["h1", ["h2"]]]);
    await hold(g.h!);
    const purge = runAs({ ...bound(g.h1!) }, () => t.stratum.purgeTenant(g.h2!.id));
    await expect(purge).rejects.toMatchObject({
      ...{ code: "TENANT_ON_LEGAL_HOLD", details: { tenant_id: null } },
    });
  });

  it("is lifted by the level that laid it on, or one above", async () => {
    const g = await t.grow(["l", ["l1", ["l2"]]]);
    await hold(g.l2!);
    for (const tenant of [g.l1!, g.l2!])
      expect(await as(tenant, () => hold(g.l2!, false))).toBe("FORBIDDEN");
    await hold(g.l2!, false);
    expect(await as(g.l2!, () => hold(g.l2!))).toBe("ok");
    expect(await as(g.l2!, () => hold(g.l2!, false))).toBe("ok");
    await as(g.l2!, () => hold(g.l2!));
    expect(await as(g.l1!, () => hold(g.l2!, false))).toBe("ok");
    // What both ask for is the upper one's.
    await as(g.l2!, () => hold(g.l2!));
    expect(await as(g.l1!, () => hold(g.l2!))).toBe("ok");
    await as(g.l2!, () => hold(g.l2!));
    expect(await as(g.l2!, () => hold(g.l2!, false))).toBe("FORBIDDEN");
    expect(await as(g.l1!, () => hold(g.l2!, false))).toBe("ok");
  });

  it("can be laid on tenants that are shut, by callers above, and nothing else changes then", async () => {
    const g = await t.grow(["s", ["s1"], ["s2"]]);
    await t.stratum.suspendTenant(g.s1!.id);
    await t.stratum.archiveTenant(g.s2!.id);
    expect(await as(g.s!, () => hold(g.s1!))).toBe("ok");
    expect(await hold(g.s2!)).toMatchObject({ status: "archived", legal_hold: true });
    expect(await as(g.s1!, () => hold(g.s1!, false))).toBe("TENANT_SUSPENDED");
    const renamed = t.stratum.updateTenant(g.s2!.id, { legal_hold: false, name: "x" });
    expect(await codeOf(renamed)).toBe("TENANT_ARCHIVED");
    expect(await codeOf(t.stratum.updateTenant(g.s2!.id, {}))).toBe("TENANT_ARCHIVED");
  });
});
