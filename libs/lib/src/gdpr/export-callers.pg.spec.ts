import { runAs, Stratum, type Tenant } from "@stratum-hq/lib";
import { text } from "node:stream/consumers";
import { exportedRows as rowsOf, furnishTenant } from "../../../../test/support/exports";
import { codeOf, useStratum } from "../../../../test/support/use-stratum";

const ALICE = { actor_id: "alice", actor_type: "jwt" } as const;
const UNKNOWN = "00000000-0000-7000-8000-000000000000";

describe("an export, by who asks for it,", () => {
  const t = useStratum();
  const bound = (tenant: Tenant) => ({ ...ALICE, tenant_id: tenant.id });
  const furnish = (tenant: Tenant) => furnishTenant(t, tenant);

  it("tells a caller bound below nothing of the tenants above", async () => {
    const g = await t.grow(["m", ["m1", ["m2"]], ["m3"]]);
    await furnish(g.m2!);
    await t.stratum.moveTenant(g.m2!.id, g.m3!.id);
    await t.stratum.moveTenant(g.m2!.id, g.m1!.id);
    await runAs(bound(g.m1!), () => t.stratum.banPermission(g.m2!.id, "by.m1"));
    const above = { ...ALICE, tenant_id: g.m!.id };
    await runAs(above, () => t.stratum.banPermission(g.m2!.id, "by.m"));
    const hidden = [g.m!.id, g.m3!.id];
    const whole = await text(await t.stratum.exportTenantStream(g.m2!.id));
    for (const id of hidden) expect(whole).toContain(id);
    for (const tenant of [g.m1!, g.m2!]) {
      const caller = bound(tenant);
      const rows = await rowsOf(await runAs(caller, () => t.stratum.exportTenantStream(g.m2!.id)));
      const others = tenant === g.m2! ? [...hidden, g.m1!.id] : hidden;
      for (const id of others) expect(JSON.stringify(rows)).not.toContain(id);
      const bans = rows.permission_bans!.map(({ key, banned_by }) => [key, banned_by]);
      const byM1 = tenant === g.m1! ? g.m1.id : null;
      expect(bans).toEqual([
        ["by.m", null],
        ["by.m1", byM1],
        ["q", null],
      ]);
      expect(rows.tenant![0]!.parent_id).toBe(byM1);
    }
    const seeing = { ...bound(g.m2!), scopes: ["ancestors:read", "gdpr:export"] };
    const all = await runAs(seeing, () => t.stratum.exportTenantData(g.m2!.id));
    expect(all.tenant.parent_id).toBe(g.m1!.id);
  });

  it("of a tenant that is shut is for those above it, and of one that is purged for nobody", async () => {
    const g = await t.grow(["n", ["n1", ["n2"]], ["n3"]]);
    await t.stratum.suspendTenant(g.n1!.id, { subtree: true });
    await t.stratum.archiveTenant(g.n3!.id);
    const as = (tenant: Tenant, id: string) =>
      codeOf(runAs(bound(tenant), () => t.stratum.exportTenantData(id)));
    expect(await as(g.n1!, g.n1!.id)).toBe("TENANT_SUSPENDED");
    expect(await as(g.n1!, g.n2!.id)).toBe("TENANT_SUSPENDED");
    expect(await as(g.n2!, g.n2!.id)).toBe("TENANT_SUSPENDED");
    expect(await as(g.n3!, g.n3!.id)).toBe("TENANT_ARCHIVED");
    for (const tenant of [g.n1!, g.n2!, g.n3!]) expect(await as(g.n!, tenant.id)).toBe("ok");
    await t.rows("update stratum.tenants set status = 'purging' where id = $1", [g.n3!.id]);
    expect(await as(g.n!, g.n3!.id)).toBe("INVALID_TENANT_STATE");
    await t.rows("update stratum.tenants set status = 'archived' where id = $1", [g.n3!.id]);
  });

  it("of a tenant that the caller cannot see is as of an unknown one, and leaves nothing", async () => {
    const g = await t.grow(["o", ["o1"], ["o2"]]);
    const before = await t.rows("select from stratum.operations");
    for (const id of [g.o!.id, g.o2!.id, UNKNOWN]) {
      const call = (stratum: Stratum) => runAs(bound(g.o1!), () => stratum.exportTenantStream(id));
      expect(await codeOf(call(t.stratum))).toBe("TENANT_NOT_FOUND");
    }
    expect(await t.rows("select from stratum.operations")).toHaveLength(before.length);
  });

  it("is readable over a pool of one connection", async () => {
    const { p } = await t.grow(["p"]);
    await furnish(p!);
    const one = t.database.newPool({ max: 1 });
    const stratum = new Stratum({ pool: one });
    expect((await rowsOf(await stratum.exportTenantStream(p!.id))).config_entries).toHaveLength(2);
    expect((await stratum.exportTenantData(p!.id)).manifest.parts.roles!.rows).toBe(1);
    await stratum.close();
  });
});
