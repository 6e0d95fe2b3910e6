import { runAs } from "@stratum-hq/lib";
import { codeOf, useStratum } from "../../../../test/support/use-stratum";

describe("getTenantContext", () => {
  const t = useStratum();

  it("tells of a tenant what follows from its place", async () => {
    const g = await t.grow(["a", ["b", ["c"]]]);
    await t.stratum.setConfig(g.a!.id, "k", { value: 1 });
    await t.stratum.createPermission(g.b!.id, { key: "p" });
    const { stratum } = t;
    const id = g.c!.id;
    expect(await stratum.getTenantContext(id)).toEqual({
      tenant: await stratum.getTenant(id),
      ancestors: await stratum.getAncestors(id),
      config: await stratum.resolveConfig(id),
      permissions: await stratum.resolvePermissions(id),
    });
    const actor = { actor_id: "a", actor_type: "jwt", tenant_id: g.b!.id } as const;
    const { ancestors, tenant } = await runAs(actor, () => stratum.getTenantContext(id));
    expect(ancestors).toMatchObject([{ id: g.b!.id, parent_id: null }]);
    expect(tenant).toMatchObject({ id, parent_id: g.b!.id });
    expect(await codeOf(runAs(actor, () => stratum.getTenantContext(g.a!.id)))).toBe(
      "TENANT_NOT_FOUND",
    );
    await stratum.archiveTenant(id);
    expect(await codeOf(stratum.getTenantContext(id))).toBe("TENANT_ARCHIVED");
  });
});
