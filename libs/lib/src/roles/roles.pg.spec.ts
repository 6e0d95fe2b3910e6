import { runAs, type Tenant } from "@stratum-hq/lib";
import { codeOf, useStratum } from "../../../../test/support/use-stratum";

const UNKNOWN = "00000000-0000-7000-8000-000000000000";

describe("roles", () => {
  const t = useStratum();

  const bound = (tenant: Tenant, ...scopes: string[]) =>
    ({ actor_id: "a", actor_type: "jwt", tenant_id: tenant.id, scopes }) as const;

  it("are named sets of scopes, of a tenant or global", async () => {
    const g = await t.grow(["a", ["a1"]]);
    const role = await t.stratum.createRole({
      name: "operator",
      description: "runs things",
      scopes: ["config:write", "read", "read"],
      tenant_id: g.a!.id,
    });
    expect(role).toMatchObject({
      scopes: ["config:write", "read"],
      tenant_id: g.a!.id,
      version: 1,
    });
    expect(await t.stratum.getRole(role.id)).toEqual(role);
    const global = await t.stratum.createRole({ name: "viewer", scopes: ["read"] });
    const below = await t.stratum.createRole({ name: "own", scopes: [], tenant_id: g.a1!.id });
    const names = async (tenant?: Tenant) =>
      (await t.stratum.listRoles(tenant?.id)).map(({ name }) => name);
    expect(await names(g.a1)).toEqual(["operator", "viewer", "own"]);
    expect(await names(g.a)).toEqual(["operator", "viewer"]);
    expect(await names()).toEqual(["operator", "viewer", "own"]);
    const first = await t.stratum.listRoles(null, { limit: 1 });
    expect(first).toMatchObject({ data: [role], has_more: true });
    const second = await t.stratum.listRoles(null, { limit: 1, cursor: first.next_cursor });
    expect(second.data).toEqual([global]);
    const taken = { name: "own", scopes: [], tenant_id: g.a1!.id };
    await expect(t.stratum.createRole(taken)).rejects.toMatchObject({
      code: "ROLE_ALREADY_EXISTS",
      details: { name: "own", tenant_id: g.a1!.id },
    });
    expect(await codeOf(t.stratum.createRole({ name: "viewer", scopes: [] }))).toBe(
      "ROLE_ALREADY_EXISTS",
    );
    const renamed = await t.stratum.updateRole(below.id, {
      name: "viewer",
      scopes: ["usage:read"],
    });
    expect(renamed).toMatchObject({ name: "viewer", scopes: ["usage:read"], version: 2 });
    expect(await codeOf(t.stratum.updateRole(role.id, { expected_version: 9 }))).toBe(
      "VERSION_CONFLICT",
    );
    expect(await t.stratum.updateRole(role.id, { name: "operator" })).toEqual(role);
    expect(await t.stratum.updateRole(UNKNOWN, {})).toBeNull();
    expect(await t.stratum.getRole(UNKNOWN)).toBeNull();
    expect(await t.stratum.deleteRole(UNKNOWN)).toBe(false);
    expect(await t.stratum.deleteRole(global.id)).toBe(true);
    expect(await t.stratum.getRole(global.id)).toBeNull();
  });

  it("govern the scopes of the keys that have them, from the next validation on", async () => {
    const { b } = await t.grow(["b"]);
    const key = await t.stratum.createApiKey(b!.id, { scopes: ["config:write"] });
    const role = await t.stratum.createRole({
      name: "r",
      scopes: ["audit:read"],
      tenant_id: b!.id,
    });
    const scopes = async () => (await t.stratum.validateApiKey(key.plaintext_key))?.scopes;
    expect(await scopes()).toEqual(["config:write"]);
    expect(await t.stratum.assignRoleToKey(key.id, role.id)).toBe(true);
    expect(await scopes()).toEqual(["audit:read"]);
    expect(await t.stratum.resolveKeyScopes(key.id)).toEqual(["audit:read"]);
    await t.stratum.updateRole(role.id, { scopes: ["usage:read", "usage:write"] });
    expect(await scopes()).toEqual(["usage:read", "usage:write"]);
    await expect(t.stratum.deleteRole(role.id)).rejects.toMatchObject({
      code: "ROLE_IN_USE",
      details: { api_keys: 1, principals: 0 },
    });
    expect(await t.stratum.removeRoleFromKey(key.id)).toBe(true);
    expect(await scopes()).toEqual(["config:write"]);
    expect(await t.stratum.deleteRole(role.id)).toBe(true);
    expect(await codeOf(t.stratum.assignRoleToKey(key.id, role.id))).toBe("ROLE_NOT_FOUND");
  });

  it("can go when only keys that have ended had them, which then have no scopes at all", async () => {
    const { c } = await t.grow(["c"]);
    const role = await t.stratum.createRole({ name: "r", scopes: ["read"], tenant_id: c!.id });
    const key = await t.stratum.createApiKey(c!.id, { scopes: ["admin"], role_id: role.id });
    await t.stratum.revokeApiKey(key.id);
    expect(await t.stratum.deleteRole(role.id)).toBe(true);
    await t.rows("update stratum.api_keys set revoked_at = null where id = $1", [key.id]);
    const strong = { consistency: "strong" } as const;
    expect(await t.stratum.validateApiKey(key.plaintext_key, strong)).toMatchObject({ scopes: [] });
    expect(await t.stratum.resolveKeyScopes(key.id)).toEqual([]);
  });

  it("serve their tenant and those below, and stop when the key's tenant moves away", async () => {
    const g = await t.grow(["d", ["d1", ["d2"]], ["d3"]]);
    const role = await t.stratum.createRole({ name: "r", scopes: ["read"], tenant_id: g.d1!.id });
    const key = await t.stratum.createApiKey(g.d2!.id, { scopes: ["admin"], role_id: role.id });
    const sibling = await t.stratum.createApiKey(g.d3!.id);
    expect(await codeOf(t.stratum.assignRoleToKey(sibling.id, role.id))).toBe("ROLE_NOT_FOUND");
    expect(await codeOf(t.stratum.createApiKey(g.d!.id, { role_id: role.id }))).toBe(
      "ROLE_NOT_FOUND",
    );
    const platform = await t.stratum.createApiKey(null, { scopes: [] });
    expect(await codeOf(t.stratum.assignRoleToKey(platform.id, role.id))).toBe("ROLE_NOT_FOUND");
    const scopes = async () => (await t.stratum.validateApiKey(key.plaintext_key))?.scopes;
    expect(await scopes()).toContain("read");
    await t.stratum.moveTenant(g.d2!.id, g.d3!.id);
    expect(await scopes()).toEqual([]);
    const rotated = await t.stratum.rotateApiKey(key.id);
    expect(await t.stratum.validateApiKey(rotated.plaintext_key)).toMatchObject({ scopes: [] });
    await t.stratum.moveTenant(g.d2!.id, g.d1!.id);
    expect((await t.stratum.validateApiKey(rotated.plaintext_key))?.scopes).toContain("read");
  });

  it("that are global never carry the platform's scope into a tenant", async () => {
    const { e } = await t.grow(["e"]);
    const scopes = ["config:read", "platform:admin"];
    const role = await t.stratum.createRole({ name: "root of all", scopes });
    const key = await t.stratum.createApiKey(e!.id, { role_id: role.id });
    expect(await t.stratum.validateApiKey(key.plaintext_key)).toMatchObject({
      scopes: ["config:read"],
    });
    await t.stratum.assignRole("user", "e", role.id, e!.id);
    expect(await t.stratum.resolvePrincipalScopes("user", "e", e!.id)).toEqual(["config:read"]);
    const owned = { name: "x", scopes, tenant_id: e!.id };
    expect(await codeOf(t.stratum.createRole(owned))).toBe("SCOPE_ESCALATION");
    expect(await codeOf(t.stratum.createApiKey(e!.id, { scopes }))).toBe("SCOPE_ESCALATION");
  });

  it("given to a principal count at that tenant and below, one for each tenant", async () => {
    const g = await t.grow(["f", ["f1", ["f2"]], ["f3"]]);
    const make = (name: string, scopes: string[], tenant_id: string | null = null) =>
      t.stratum.createRole({ name, scopes, tenant_id });
    const [one, two, own] = [
      await make("one", ["config:read"]),
      await make("two", ["usage:read"]),
      await make("own", ["audit:read"], g.f1!.id),
    ];
    const scopes = (tenant?: Tenant) => t.stratum.resolvePrincipalScopes("user", "u", tenant?.id);
    expect(await scopes(g.f2)).toEqual([]);
    await t.stratum.assignRole("user", "u", one.id, g.f!.id);
    expect(await t.stratum.assignRole("user", "u", own.id, g.f1!.id)).toBe(true);
    expect(await scopes(g.f2)).toEqual(["audit:read", "config:read"]);
    expect(await scopes(g.f3)).toEqual(["config:read"]);
    expect(await scopes()).toEqual([]);
    await t.stratum.assignRole("user", "u", two.id, g.f!.id);
    expect(await scopes(g.f3)).toEqual(["usage:read"]);
    await t.stratum.assignRole("user", "u", one.id);
    expect(await scopes()).toEqual(["config:read"]);
    expect(await scopes(g.f3)).toEqual(["config:read", "usage:read"]);
    await t.stratum.updateRole(one.id, { scopes: ["config:write"] });
    expect(await scopes()).toEqual(["config:write"]);
    expect(await codeOf(t.stratum.deleteRole(one.id))).toBe("ROLE_IN_USE");
    expect(await t.stratum.removeRole("user", "u")).toBe(true);
    expect(await t.stratum.removeRole("user", "u")).toBe(false);
    expect(await scopes(g.f3)).toEqual(["usage:read"]);
    expect(await codeOf(t.stratum.assignRole("user", "u", own.id, g.f3!.id))).toBe(
      "ROLE_NOT_FOUND",
    );
    expect(await codeOf(t.stratum.assignRole("user", "u", own.id))).toBe("ROLE_NOT_FOUND");
    expect(await codeOf(t.stratum.assignRole("user", "u", one.id, UNKNOWN))).toBe(
      "TENANT_NOT_FOUND",
    );
    expect(await codeOf(t.stratum.resolvePrincipalScopes("user", "u", UNKNOWN))).toBe(
      "TENANT_NOT_FOUND",
    );
    expect(await t.stratum.resolvePrincipalScopes("service", "u", g.f2!.id)).toEqual([]);
  });

  it("given to one principal by many at once leave one", async () => {
    const { h } = await t.grow(["h"]);
    const roles = await Promise.all(
      ["1", "2", "3", "4"].map((name) =>
        t.stratum.createRole({ name, scopes: [], tenant_id: h!.id }),
      ),
    );
    for (let round = 0; round < 10; round += 1) {
      const principal = `p${round}`;
      const codes = await Promise.all(
        roles.map(({ id }) => codeOf(t.stratum.assignRole("user", principal, id, h!.id))),
      );
      expect(codes).toEqual(["ok", "ok", "ok", "ok"]);
      const log = await t.stratum.queryAuditLogs({
        tenant_id: h!.id,
        resource_id: `user:${principal}`,
      });
      const before = log.map((entry) => (entry.before_state as { role_id: string | null }).role_id);
      const after = log.map((entry) => (entry.after_state as { role_id: string }).role_id);
      // Each found the one before it: all but the last one's are somebody's before.
      const [last] = await t.rows<{ role_id: string }>(
        "select role_id from stratum.principal_roles where principal_id = $1",
        [principal],
      );
      expect(before.filter((id) => id === null)).toHaveLength(1);
      const replaced = before.filter((id) => id !== null);
      expect([...replaced, last!.role_id].sort()).toEqual(after.sort());
    }
  });

  describe("for callers bound to a tenant", () => {
    it("are theirs to manage in their own subtree; global ones are theirs to give alone", async () => {
      const g = await t.grow(["i", ["i1"], ["i2"]]);
      const above = await t.stratum.createRole({ name: "above", scopes: [], tenant_id: g.i!.id });
      const global = await t.stratum.createRole({ name: "global i", scopes: ["config:read"] });
      await runAs(bound(g.i1!, "admin"), async () => {
        const { stratum } = t;
        expect(await stratum.getRole(above.id)).toBeNull();
        expect(await stratum.updateRole(above.id, { name: "x" })).toBeNull();
        expect(await stratum.deleteRole(above.id)).toBe(false);
        expect(await stratum.getRole(global.id)).toEqual(global);
        expect(await codeOf(stratum.updateRole(global.id, { name: "x" }))).toBe("FORBIDDEN");
        expect(await codeOf(stratum.deleteRole(global.id))).toBe("FORBIDDEN");
        expect(await codeOf(stratum.createRole({ name: "x", scopes: [] }))).toBe("FORBIDDEN");
        const foreign = { name: "x", scopes: [], tenant_id: g.i2!.id };
        expect(await codeOf(stratum.createRole(foreign))).toBe("TENANT_NOT_FOUND");
        const own = await stratum.createRole({
          name: "own",
          scopes: ["read"],
          tenant_id: g.i1!.id,
        });
        const seen = (await stratum.listRoles()).map(({ id }) => id);
        expect(seen).toContain(own.id);
        expect(seen).not.toContain(above.id);
        expect(await codeOf(stratum.assignRole("user", "u", own.id))).toBe("FORBIDDEN");
        expect(await codeOf(stratum.removeRole("user", "u"))).toBe("FORBIDDEN");
        expect(await codeOf(stratum.resolvePrincipalScopes("user", "u"))).toBe("FORBIDDEN");
        const elsewhere = stratum.assignRole("user", "u", global.id, g.i2!.id);
        expect(await codeOf(elsewhere)).toBe("TENANT_NOT_FOUND");
        expect(await codeOf(stratum.removeRole("user", "u", g.i2!.id))).toBe("TENANT_NOT_FOUND");
        const there = stratum.resolvePrincipalScopes("user", "u", g.i2!.id);
        expect(await codeOf(there)).toBe("TENANT_NOT_FOUND");
        expect(await codeOf(stratum.assignRole("user", "u", global.id, g.i1!.id))).toBe("ok");
      });
    });

    it("give nobody what the caller lacks", async () => {
      const { j } = await t.grow(["j"]);
      const strong = await t.stratum.createRole({
        name: "s",
        scopes: ["config:reveal"],
        tenant_id: j!.id,
      });
      const secret = await t.stratum.createApiKey(j!.id, { scopes: ["config:reveal"] });
      const limited = await t.stratum.createRole({ name: "l", scopes: [], tenant_id: j!.id });
      const governed = await t.stratum.createApiKey(j!.id, {
        scopes: ["config:reveal"],
        role_id: limited.id,
      });
      await runAs(bound(j!, "keys:write", "roles:write", "config:write"), async () => {
        const { stratum } = t;
        const refused = [
          stratum.createApiKey(j!.id),
          stratum.createApiKey(j!.id, { scopes: ["write"] }),
          stratum.createApiKey(j!.id, { scopes: [], role_id: strong.id }),
          stratum.rotateApiKey(secret.id),
          stratum.assignRoleToKey(governed.id, strong.id),
          stratum.removeRoleFromKey(governed.id),
          stratum.createRole({ name: "x", scopes: ["config:reveal"], tenant_id: j!.id }),
          stratum.updateRole(limited.id, { scopes: ["config:reveal"] }),
          stratum.assignRole("user", "me", strong.id, j!.id),
        ];
        for (const call of refused) expect(await codeOf(call)).toBe("SCOPE_ESCALATION");
        const allowed = [
          stratum.createApiKey(j!.id, { scopes: ["config:write"] }),
          stratum.rotateApiKey(governed.id),
          // What is there already is not granted anew.
          stratum.updateRole(strong.id, { name: "renamed" }),
          stratum.updateRole(limited.id, { scopes: ["config:write"] }),
          stratum.assignRole("user", "me", limited.id, j!.id),
          stratum.revokeApiKey(secret.id),
        ];
        for (const call of allowed) expect(await codeOf(call)).toBe("ok");
      });
      await runAs({ actor_id: "a", actor_type: "api_key", tenant_id: j!.id }, async () => {
        const create = t.stratum.createApiKey(j!.id, { scopes: ["config:read"] });
        await expect(create).rejects.toMatchObject({
          code: "SCOPE_ESCALATION",
          details: { missing: ["config:read"] },
        });
        // An audit argument says who acts, not what they may do.
        const audit = { actor_id: "system", actor_type: "system" } as const;
        const disguised = t.stratum.createApiKey(j!.id, { scopes: ["config:read"] }, null, audit);
        expect(await codeOf(disguised)).toBe("SCOPE_ESCALATION");
      });
    });
  });
});
