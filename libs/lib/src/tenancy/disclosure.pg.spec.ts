import { runAs, type Actor, type StratumError, type Tenant } from "@stratum-hq/lib";
import { useStratum } from "../../../../test/support/use-stratum";

/** What a customer learns of its distributor: nothing but how far down it stands. */
describe("a caller bound to a tenant", () => {
  const t = useStratum();
  let root: Tenant;
  let distributor: Tenant;
  let customer: Tenant;
  let unit: Tenant;

  beforeAll(async () => {
    const g = await t.grow(["apexsec", ["distributor", ["customer", ["unit"]]]]);
    [root, distributor] = [g.apexsec!, g.distributor!];
    [customer, unit] = [g.customer!, g.unit!];
    await t.stratum.setConfig(distributor.id, "mfa", { value: "secret price list" });
    await t.stratum.setConfig(root.id, "mfa", { value: "root", locked: true });
    await t.stratum.setConfig(distributor.id, "theme", { value: "dark" });
    await t.stratum.createPermission(root.id, { key: "p", mode: "LOCKED" });
    await t.stratum.createPermission(distributor.id, {
      key: "q",
      value: "hidden",
      mode: "DELEGATED",
    });
    await t.stratum.createPermission(distributor.id, { key: "i" });
    await t.stratum.createPermission(customer.id, { key: "q" });
    await t.stratum.banPermission(distributor.id, "b");
    await t.stratum.setConfig(distributor.id, "stratum.max_descendants", { value: 2 });
  });

  const actor = (...scopes: string[]): Actor => ({
    actor_id: "a",
    actor_type: "jwt",
    tenant_id: customer.id,
    scopes,
  });
  const asCustomer = <T>(work: () => Promise<T>) => runAs(actor("admin"), work);

  it("finds out of no id whether it is a tenant above", async () => {
    await t.stratum.updateTenant(customer.id, { external_id: "crm-1" });
    const unknown = "01890000-0000-7000-8000-00000000000f";
    await asCustomer(async () => {
      for (const id of [distributor.id, root.id, unknown]) {
        expect((await t.stratum.listTenants({ parent_id: id })).data).toEqual([]);
        await expect(t.stratum.getTenantByExternalId(id, "crm-1")).rejects.toMatchObject({
          code: "TENANT_NOT_FOUND",
          details: { tenant_id: id },
        });
      }
      const { data } = await t.stratum.listTenants({ parent_id: customer.id });
      expect(data.map(({ id }) => id)).toEqual([unit.id]);
      expect((await t.stratum.getTenantByExternalId(unit.id, "crm-1")).id).toBe(customer.id);
    });
  });

  function expectNothingOfAbove(value: unknown): void {
    const text = JSON.stringify(value);
    for (const { id, slug, name } of [root, distributor]) {
      for (const word of [id, slug, name]) expect(text).not.toContain(word);
    }
    expect(text).not.toContain("secret price list");
  }

  it("sees values, and not whose they are", async () => {
    const { stratum } = t;
    for (const { id } of [customer, unit]) {
      const config = await asCustomer(() => stratum.resolveConfig(id));
      expectNothingOfAbove(config);
      expect(config.theme).toMatchObject({
        value: "dark",
        source: "inherited",
        source_tenant_id: null,
      });
      expect(await asCustomer(() => stratum.resolveConfig(id))).toBe(config);
      const permissions = await asCustomer(() => stratum.resolvePermissions(id));
      expectNothingOfAbove(permissions);
      expect(permissions.p).toMatchObject({ value: true, source: "inherited", locked: true });
      expect(permissions.q).toMatchObject({ source: "customer", source_tenant_id: customer.id });
    }
    expectNothingOfAbove(await asCustomer(() => stratum.diffConfig(customer.id, unit.id)));
    expectNothingOfAbove(await asCustomer(() => stratum.computeDrift(customer.id, unit.id)));
  });

  it("sees a chain's levels above by their depth alone", async () => {
    const { mfa } = await asCustomer(() => t.stratum.getConfigWithInheritance(unit.id));
    expectNothingOfAbove({ ...mfa, value: null, chain: mfa!.chain.slice(1) });
    expect(mfa?.chain).toEqual([
      { tenant_id: null, slug: null, depth: 0, value: "root", locked: true, effective: true },
      { tenant_id: null, slug: null, depth: 1, value: null, locked: false, effective: false },
    ]);
    const q = await asCustomer(() => t.stratum.explainPermission(unit.id, "q"));
    expect(q.chain).toMatchObject([
      { tenant_id: null, slug: null, depth: 1, value: null, effective: false },
      { tenant_id: customer.id, slug: "customer", depth: 2, value: true, effective: true },
    ]);
    const b = await asCustomer(() => t.stratum.explainPermission(unit.id, "b"));
    expect(b.banned_at).toEqual({ tenant_id: null, slug: null });
    expectNothingOfAbove(await asCustomer(() => t.stratum.explainPermission(unit.id, "p")));
  });

  it("sees tenants without those above, and their true depth", async () => {
    const { stratum } = t;
    const seen = await asCustomer(async () => [
      await stratum.getTenant(customer.id),
      await stratum.getTenantBySlug("customer"),
      await stratum.getRoot(unit.id),
      (await stratum.getAncestors(unit.id))[0],
      (await stratum.listTenants()).data[0],
      await stratum.updateTenant(customer.id, { metadata: { n: 1 } }),
    ]);
    for (const tenant of seen) {
      expectNothingOfAbove(tenant);
      expect(tenant).toMatchObject({
        id: customer.id,
        parent_id: null,
        ancestry_path: "/",
        depth: 2,
      });
    }
    const below = await asCustomer(async () => [
      await stratum.getTenant(unit.id),
      (await stratum.getChildren(customer.id))[0],
      (await stratum.getDescendants(customer.id))[0],
      (await stratum.listDescendants(customer.id)).data[0],
    ]);
    for (const tenant of below) {
      expect(tenant).toMatchObject({
        parent_id: customer.id,
        ancestry_path: `/${customer.id}`,
        depth: 3,
      });
    }
  });

  it("is refused without being told by whom", async () => {
    const { stratum } = t;
    const calls: [string, () => Promise<unknown>][] = [
      ["CONFIG_LOCKED", () => stratum.setConfig(unit.id, "mfa", { value: 1 })],
      [
        "CONFIG_LOCKED",
        () => stratum.createTenant({ name: "n", parent_id: unit.id, config: { mfa: 1 } }),
      ],
      ["TENANT_LIMIT_EXCEEDED", () => stratum.createTenant({ name: "n", parent_id: unit.id })],
      ["PERMISSION_LOCKED", () => stratum.createPermission(unit.id, { key: "p" })],
      ["PERMISSION_LOCKED", () => stratum.banPermission(unit.id, "p")],
      [
        "PERMISSION_NOT_DELEGATED",
        () => stratum.createPermission(unit.id, { key: "i", mode: "LOCKED" }),
      ],
      ["PERMISSION_BANNED", () => stratum.createPermission(unit.id, { key: "b" })],
    ];
    for (const [code, call] of calls) {
      const refusal = await asCustomer(call).then(
        () => undefined,
        (error: StratumError) => error,
      );
      expect(refusal?.code).toBe(code);
      expectNothingOfAbove([refusal?.message, refusal?.details]);
    }
  });

  it("does not read it in its log either", async () => {
    const elsewhere = await t.stratum.createTenant({ name: "reseller", parent_id: root.id });
    await t.stratum.moveTenant(distributor.id, elsewhere.id);
    await t.stratum.moveTenant(distributor.id, root.id);
    const above = { actor_id: "d", actor_type: "jwt", tenant_id: distributor.id } as const;
    await runAs(above, () => t.stratum.banPermission(unit.id, "banned.from.above"));
    await t.stratum.recordAuditEvent({
      ...{ tenantId: unit.id, actorId: "host", action: "page.moved", resourceType: "page" },
      after: { parent_id: "page-1" },
    });
    const entries = await asCustomer(() => t.stratum.queryAuditLogs({ limit: 100 }));
    expectNothingOfAbove(entries);
    expect(JSON.stringify(entries)).not.toContain(elsewhere.id);
    const moved = entries.find(({ action }) => action === "tenant.moved");
    expect(moved?.after_state).toEqual({ moved_tenant_id: null, parent_id: null });
    const created = entries.find((e) => e.action === "tenant.created" && e.tenant_id === unit.id);
    const shown = { parent_id: customer.id, ancestry_path: `/${customer.id}` };
    expect(created?.after_state).toMatchObject(shown);
    const banned = entries.find(({ action }) => action === "permission.banned");
    expect(banned?.after_state).toEqual({ key: "banned.from.above", banned_by: null });
    const hosts = entries.find(({ action }) => action === "page.moved");
    expect(hosts?.after_state).toEqual({ parent_id: "page-1" });
    const one = await asCustomer(() => t.stratum.getAuditEntry(moved!.id));
    expect(one).toEqual(moved);
  });

  it("with ancestors:read, and the platform, see all of it", async () => {
    for (const as of [
      actor("admin", "ancestors:read"),
      { actor_id: "a", actor_type: "jwt" } as const,
    ]) {
      await runAs(as, async () => {
        const config = await t.stratum.resolveConfig(unit.id);
        expect(config.theme).toMatchObject({
          source: "distributor",
          source_tenant_id: distributor.id,
        });
        const tenant = await t.stratum.getTenant(customer.id);
        expect(tenant.parent_id).toBe(distributor.id);
        const refusal = t.stratum.setConfig(unit.id, "mfa", { value: 1 });
        await expect(refusal).rejects.toMatchObject({ details: { source_tenant_id: root.id } });
      });
    }
  });
});
