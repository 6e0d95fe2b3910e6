import { LOCAL_API, runAs, Stratum, STRATUM_API, type Tenant } from "@stratum-hq/lib";
import { codeOf, useStratum } from "../../../../test/support/use-stratum";
import { callFacade } from "../../../../test/support/call-facade";

const METHODS = { ...STRATUM_API, ...LOCAL_API };

describe("the status of tenants", () => {
  const t = useStratum();

  async function statuses(tenants: Record<string, Tenant>): Promise<Record<string, string>> {
    const entries = Object.entries(tenants).map(async ([name, { id }]) => [
      name,
      (await t.stratum.getTenant(id, true)).status,
    ]);
    return Object.fromEntries((await Promise.all(entries)) as [string, string][]);
  }

  it("suspends, archives and resumes, and names what a state does not allow", async () => {
    const { s } = await t.grow(["s"]);
    const id = s!.id;
    expect(await t.stratum.suspendTenant(id, { reason: "unpaid" })).toMatchObject({
      status: "suspended",
      status_reason: "unpaid",
    });
    await expect(t.stratum.suspendTenant(id)).rejects.toMatchObject({
      code: "INVALID_TENANT_STATE",
      details: { from: "suspended", operation: "suspend", allowed_from: ["active"] },
    });
    expect(await codeOf(t.stratum.updateTenant(id, { name: "x" }))).toBe("TENANT_SUSPENDED");
    expect(await codeOf(t.stratum.setConfig(id, "k", { value: 1 }))).toBe("TENANT_SUSPENDED");
    expect(await codeOf(t.stratum.reorderTenant(id, 0))).toBe("TENANT_SUSPENDED");
    expect((await t.stratum.archiveTenant(id)).deleted_at).not.toBeNull();
    expect(await codeOf(t.stratum.setConfig(id, "k", { value: 1 }))).toBe("TENANT_ARCHIVED");
    expect(await t.stratum.resumeTenant(id)).toMatchObject({
      status: "active",
      status_reason: null,
      deleted_at: null,
    });
    expect(await codeOf(t.stratum.resumeTenant(id))).toBe("INVALID_TENANT_STATE");
  });

  it("refuses a tenant with active children, unless the whole subtree goes", async () => {
    const g = await t.grow(["p", ["p1", ["p2"]]]);
    expect(await codeOf(t.stratum.suspendTenant(g.p!.id))).toBe("TENANT_HAS_CHILDREN");
    expect(await codeOf(t.stratum.deleteTenant(g.p!.id))).toBe("TENANT_HAS_CHILDREN");
    await t.stratum.suspendTenant(g.p!.id, { subtree: true });
    expect(await statuses(g)).toEqual({ p: "suspended", p1: "suspended", p2: "suspended" });
    expect(await codeOf(t.stratum.resumeTenant(g.p2!.id))).toBe("TENANT_SUSPENDED");
  });

  it("brings back exactly what the same suspension took", async () => {
    const g = await t.grow(["q", ["q1", ["q2"]], ["q3"]]);
    await t.stratum.suspendTenant(g.q2!.id);
    await t.stratum.suspendTenant(g.q!.id, { subtree: true });
    await t.stratum.resumeTenant(g.q!.id, { subtree: true });
    expect(await statuses(g)).toEqual({
      q: "active",
      q1: "active",
      q2: "suspended",
      q3: "active",
    });
  });

  it("leaves the tenants below shut when only the tenant itself is resumed", async () => {
    const g = await t.grow(["o", ["o1"]]);
    await t.stratum.suspendTenant(g.o!.id, { subtree: true });
    await t.stratum.resumeTenant(g.o!.id);
    expect(await statuses(g)).toEqual({ o: "active", o1: "suspended" });
  });

  it("suspends again, after an archival, what had been suspended before it", async () => {
    const g = await t.grow(["a", ["a1"], ["a2"]]);
    await t.stratum.suspendTenant(g.a1!.id);
    await t.stratum.archiveTenant(g.a!.id, { subtree: true });
    expect(await statuses(g)).toEqual({ a: "archived", a1: "archived", a2: "archived" });
    await t.stratum.resumeTenant(g.a!.id, { subtree: true });
    expect(await statuses(g)).toEqual({ a: "active", a1: "suspended", a2: "active" });
  });

  it("never makes a tenant active below one that stays shut", async () => {
    const g = await t.grow(["b", ["b1", ["b2"]]]);
    await t.stratum.suspendTenant(g.b!.id, { subtree: true });
    await t.stratum.archiveTenant(g.b1!.id);
    await t.stratum.resumeTenant(g.b!.id, { subtree: true });
    expect(await statuses(g)).toEqual({ b: "active", b1: "archived", b2: "suspended" });
  });

  it("checks the expected version", async () => {
    const { v } = await t.grow(["v"]);
    expect(await codeOf(t.stratum.suspendTenant(v!.id, { expected_version: 7 }))).toBe(
      "VERSION_CONFLICT",
    );
    expect(await codeOf(t.stratum.suspendTenant(v!.id, { expected_version: 1 }))).toBe("ok");
  });

  describe("a caller bound to a tenant", () => {
    const as = <T>(tenant_id: string, work: () => T): T =>
      runAs({ actor_id: "key", actor_type: "api_key", tenant_id }, work);
    const outside = <T>(work: () => T): T =>
      runAs({ actor_id: "platform", actor_type: "system" }, work);

    it("does not resume what the platform or a level above shut", async () => {
      const g = await t.grow(["l", ["l1", ["l2"]]]);
      await t.stratum.suspendTenant(g.l2!.id);
      await as(g.l1!.id, async () => {
        expect(await codeOf(t.stratum.resumeTenant(g.l2!.id))).toBe("FORBIDDEN");
      });
      await t.stratum.resumeTenant(g.l2!.id);
      await as(g.l!.id, () => t.stratum.archiveTenant(g.l2!.id));
      await as(g.l1!.id, async () => {
        expect(await codeOf(t.stratum.resumeTenant(g.l2!.id))).toBe("FORBIDDEN");
      });
      await as(g.l!.id, async () => {
        expect(await codeOf(t.stratum.resumeTenant(g.l2!.id))).toBe("ok");
      });
    });

    it("does not undo a suspension from above by archiving and resuming", async () => {
      const g = await t.grow(["k", ["k1"]]);
      await t.stratum.suspendTenant(g.k1!.id);
      await as(g.k!.id, async () => {
        await t.stratum.archiveTenant(g.k1!.id);
        expect(await codeOf(t.stratum.resumeTenant(g.k1!.id))).toBe("FORBIDDEN");
      });
    });

    it("resumes what its own level shut", async () => {
      const g = await t.grow(["m", ["m1"]]);
      await as(g.m!.id, async () => {
        await t.stratum.suspendTenant(g.m1!.id);
        expect((await t.stratum.resumeTenant(g.m1!.id)).status).toBe("active");
      });
    });

    it.each([
      ["suspendTenant", "TENANT_SUSPENDED"],
      ["archiveTenant", "TENANT_ARCHIVED"],
    ] as const)("calls nothing once %s has shut its tenant", async (shut, code) => {
      const g = await t.grow([`${shut.slice(0, 1)}0`, [`${shut.slice(0, 1)}1`]]);
      const [own, child] = Object.values(g) as [Tenant, Tenant];
      await as(own.id, async () => {
        expect(await codeOf(t.stratum.resolveConfig(child.id))).toBe("ok");
        await outside(() => t.stratum[shut](own.id, { subtree: true }));
        for (const name of Object.keys(METHODS) as (keyof typeof METHODS)[]) {
          // Statements through the pool are refused by the context that they run in.
          if (name === "tenantPool") continue;
          const made = callFacade(t.stratum, name, [child.id]);
          expect([name, await codeOf(made)]).toEqual([name, code]);
        }
      });
      const platform = await t.stratum.getTenant(child.id, true);
      expect(platform.status).toBe(shut === "suspendTenant" ? "suspended" : "archived");
    });

    it("changes nothing through another process that has not heard of it", async () => {
      const g = await t.grow(["n", ["n1"]]);
      const other = new Stratum({ pool: t.pool, worker: false });
      const system = { actor_id: "job", actor_type: "system", tenant_id: g.n!.id } as const;
      await runAs(system, async () => {
        await other.resolveConfig(g.n1!.id);
        await outside(() => t.stratum.suspendTenant(g.n!.id, { subtree: true }));
        const lifting = other.updateTenant(g.n!.id, { legal_hold: false });
        expect(await codeOf(lifting)).toBe("TENANT_SUSPENDED");
        for (const { id } of [g.n!, g.n1!])
          expect(await codeOf(other.exportTenantData(id))).toBe("TENANT_SUSPENDED");
        expect(await codeOf(other.purgeTenant(g.n1!.id))).toBe("TENANT_SUSPENDED");
      });
      await other.close();
      expect((await t.stratum.getTenant(g.n1!.id, true)).status).toBe("suspended");
    });
  });
});
