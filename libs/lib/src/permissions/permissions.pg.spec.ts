import { runAs, Stratum, type Tenant } from "@stratum-hq/lib";
import { permissionChains } from "../../../../test/support/permission-chains";
import { codeOf, useStratum } from "../../../../test/support/use-stratum";

describe("permissions", () => {
  const t = useStratum();
  const { chain, holders } = permissionChains(t);

  it("flow from root to leaf; the nearest policy wins", async () => {
    const { root, middle, leaf, key } = await chain();
    const policy = await t.stratum.createPermission(root.id, { key });
    expect(policy).toMatchObject({
      tenant_id: root.id,
      key,
      value: true,
      mode: "INHERITED",
      revocation_mode: "CASCADE",
      version: 1,
    });
    expect(await t.stratum.resolvePermissions(leaf.id)).toEqual({
      [key]: {
        policy_id: policy.id,
        key,
        value: true,
        mode: "INHERITED",
        source: root.slug,
        source_tenant_id: root.id,
        locked: false,
        delegated: false,
      },
    });
    expect(await t.stratum.checkPermission(leaf.id, key)).toBe(true);
    await t.stratum.createPermission(middle.id, { key, value: { limit: 3 } });
    expect((await t.stratum.resolvePermissions(leaf.id))[key]?.value).toEqual({ limit: 3 });
    expect(await t.stratum.checkPermission(leaf.id, key)).toBe(false);
    expect(await t.stratum.checkPermission(root.id, key)).toBe(true);
    const listed = t.stratum.checkPermission(root.id, [key] as unknown as string);
    expect(await codeOf(listed)).toBe("VALIDATION_ERROR");
    expect(await t.stratum.checkPermission(root.id, "never.heard.of")).toBe(false);
    expect(await codeOf(t.stratum.checkPermission(root.id, "not a key"))).toBe("VALIDATION_ERROR");
  });

  it("obey the root's later lock, also where the middle delegates", async () => {
    const { root, middle, leaf, key } = await chain();
    await t.stratum.createPermission(middle.id, { key, value: "m", mode: "DELEGATED" });
    await t.stratum.createPermission(leaf.id, { key, value: "l", mode: "DELEGATED" });
    const lock = await t.stratum.createPermission(root.id, { key, value: "r", mode: "LOCKED" });
    expect((await t.stratum.resolvePermissions(leaf.id))[key]).toMatchObject({ value: "r" });
    for (const { id } of [middle, leaf]) {
      const [own] = await t.rows<{ id: string }>(
        "select id from stratum.permission_policies where tenant_id = $1 and key = $2",
        [id, key],
      );
      const update = t.stratum.updatePermission(id, own!.id, { value: "x" });
      await expect(update).rejects.toMatchObject({
        code: "PERMISSION_LOCKED",
        details: { key, source_tenant_id: root.id },
      });
    }
    await t.stratum.updatePermission(root.id, lock.id, { mode: "DELEGATED" });
    expect((await t.stratum.resolvePermissions(leaf.id))[key]).toMatchObject({ value: "l" });
  });

  it("that are PERMANENT survive a cascade from above", async () => {
    const { root, middle, leaf, key } = await chain();
    const top = await t.stratum.createPermission(root.id, { key, mode: "DELEGATED" });
    const revocation_mode = "PERMANENT";
    const kept = await t.stratum.createPermission(middle.id, {
      key,
      mode: "DELEGATED",
      revocation_mode,
    });
    await t.stratum.createPermission(leaf.id, { key });
    await t.stratum.deletePermission(root.id, top.id);
    expect(await holders(key)).toEqual(["m"]);
    await t.stratum.deletePermission(middle.id, kept.id, { force: true });
    expect(await holders(key)).toEqual([]);
    const [entry] = await t.stratum.queryAuditLogs({ tenant_id: middle.id, limit: 1 });
    expect(entry).toMatchObject({ action: "permission.deleted", metadata: { forced: true } });
  });

  it("answer 404 and 409 where they are asked for something else", async () => {
    const { root, leaf, key } = await chain();
    const policy = await t.stratum.createPermission(root.id, { key });
    const unknown = "00000000-0000-7000-8000-000000000000";
    const { stratum } = t;
    expect(await codeOf(stratum.createPermission(root.id, { key }))).toBe(
      "PERMISSION_ALREADY_EXISTS",
    );
    expect(await codeOf(stratum.deletePermission(leaf.id, policy.id))).toBe("PERMISSION_NOT_FOUND");
    expect(await codeOf(stratum.updatePermission(leaf.id, policy.id, {}))).toBe(
      "PERMISSION_NOT_FOUND",
    );
    expect(await codeOf(stratum.deletePermission(unknown, policy.id))).toBe("TENANT_NOT_FOUND");
    expect(await codeOf(stratum.resolvePermissions(unknown))).toBe("TENANT_NOT_FOUND");
    expect(await codeOf(stratum.banPermission(unknown, key))).toBe("TENANT_NOT_FOUND");
    const stale = { value: 2, expected_version: 7 };
    expect(await codeOf(stratum.updatePermission(root.id, policy.id, stale))).toBe(
      "VERSION_CONFLICT",
    );
    const old = { expected_version: 7 };
    expect(await codeOf(stratum.deletePermission(root.id, policy.id, old))).toBe(
      "VERSION_CONFLICT",
    );
    await stratum.suspendTenant(leaf.id);
    expect(await codeOf(stratum.createPermission(leaf.id, { key }))).toBe("TENANT_SUSPENDED");
    expect(await codeOf(stratum.banPermission(leaf.id, key))).toBe("TENANT_SUSPENDED");
  });

  it("of an update that changes nothing leave no trace", async () => {
    const { root, key } = await chain();
    const policy = await t.stratum.createPermission(root.id, { key, revocation_mode: "PERMANENT" });
    const before = await t.stratum.queryAuditLogs({ tenant_id: root.id });
    expect(await t.stratum.updatePermission(root.id, policy.id, { value: true })).toEqual(policy);
    expect(await t.stratum.queryAuditLogs({ tenant_id: root.id })).toEqual(before);
  });

  it("stand in the log of every tenant that a cascade took one from, as one operation", async () => {
    const { root, middle, leaf, key } = await chain();
    const top = await t.stratum.createPermission(root.id, { key, mode: "DELEGATED" });
    for (const { id } of [middle, leaf])
      await t.stratum.createPermission(id, { key, mode: "DELEGATED" });
    await t.stratum.deletePermission(root.id, top.id);
    const operations = new Set<string>();
    for (const { id } of [root, middle, leaf]) {
      const [entry] = await t.stratum.queryAuditLogs({ tenant_id: id, limit: 1 });
      expect(entry).toMatchObject({
        action: "permission.deleted",
        resource_type: "permission",
        before_state: {
          key,
          value: true,
          mode: "DELEGATED",
          revocation_mode: "CASCADE",
          version: 1,
        },
        after_state: null,
      });
      operations.add(entry!.operation_id);
    }
    expect(operations.size).toBe(1);
    const events = await t.rows<{ type: string; data: object }>(
      "select type, data from stratum.webhook_events where operation_id = $1",
      [...operations],
    );
    expect(events).toMatchObject([{ type: "permission.deleted", data: { key, count: 3 } }]);
  });

  it("are explained by their whole chain", async () => {
    const { root, middle, leaf, key } = await chain();
    await t.stratum.createPermission(root.id, { key, mode: "DELEGATED" });
    await t.stratum.createPermission(leaf.id, { key, value: false });
    const told = await t.stratum.explainPermission(leaf.id, key);
    expect(told).toMatchObject({
      key,
      granted: false,
      banned_at: null,
      resolved: { value: false },
    });
    expect(told.chain).toMatchObject([
      { tenant_id: root.id, slug: root.slug, value: true, mode: "DELEGATED", effective: false },
      { tenant_id: leaf.id, slug: leaf.slug, value: false, mode: "INHERITED", effective: true },
    ]);
    await t.stratum.banPermission(middle.id, key);
    expect(await t.stratum.explainPermission(leaf.id, key)).toMatchObject({
      granted: false,
      resolved: null,
      banned_at: { tenant_id: middle.id, slug: middle.slug },
      chain: [{ tenant_id: root.id, effective: false }],
    });
    expect(await t.stratum.explainPermission(root.id, "nothing")).toEqual({
      key: "nothing",
      granted: false,
      resolved: null,
      banned_at: null,
      chain: [],
    });
  });

  it("that came along with a move do not escape the ban of the new place", async () => {
    const { root, middle, leaf, key } = await chain();
    const elsewhere = await t.stratum.createTenant({ name: "elsewhere" });
    await t.stratum.createPermission(elsewhere.id, { key, mode: "DELEGATED" });
    const guest = await t.stratum.createTenant({ name: "guest", parent_id: elsewhere.id });
    const own = await t.stratum.createPermission(guest.id, { key, revocation_mode: "PERMANENT" });
    await t.stratum.banPermission(middle.id, key);
    await t.stratum.moveTenant(guest.id, leaf.id);
    expect(await t.stratum.checkPermission(guest.id, key)).toBe(false);
    const update = t.stratum.updatePermission(guest.id, own.id, { value: 1, force: true });
    expect(await codeOf(update)).toBe("PERMISSION_BANNED");
    await t.stratum.moveTenant(guest.id, root.id);
    expect(await t.stratum.checkPermission(guest.id, key)).toBe(true);
  });

  it("list a tenant's own bans in pages", async () => {
    const { root, middle } = await chain();
    const keys = ["a", "b", "c", "d", "e"];
    for (const key of keys) await t.stratum.banPermission(root.id, key);
    await t.stratum.banPermission(root.id, "a");
    const seen: string[] = [];
    let cursor: string | null = null;
    do {
      const page: Awaited<ReturnType<Stratum["listPermissionBans"]>> =
        await t.stratum.listPermissionBans(root.id, { limit: 2, cursor });
      seen.push(...page.data.map(({ key }) => key));
      cursor = page.next_cursor;
    } while (cursor !== null);
    expect(seen).toEqual(keys);
    expect(await t.stratum.listPermissionBans(middle.id)).toMatchObject({ data: [] });
  });

  describe("for callers bound to a tenant", () => {
    const bound = (tenant: Tenant) =>
      ({ actor_id: "a", actor_type: "jwt", tenant_id: tenant.id, scopes: ["admin"] }) as const;

    it("are changed in their own subtree alone, and never by force", async () => {
      const { root, middle, leaf, key } = await chain();
      const policy = await t.stratum.createPermission(root.id, { key, mode: "DELEGATED" });
      await runAs(bound(middle), async () => {
        const { stratum } = t;
        expect(await codeOf(stratum.createPermission(leaf.id, { key }))).toBe("ok");
        expect(await codeOf(stratum.deletePermission(root.id, policy.id))).toBe("TENANT_NOT_FOUND");
        expect(await codeOf(stratum.banPermission(root.id, key))).toBe("TENANT_NOT_FOUND");
        expect(await codeOf(stratum.resolvePermissions(root.id))).toBe("TENANT_NOT_FOUND");
        expect(await codeOf(stratum.explainPermission(root.id, key))).toBe("TENANT_NOT_FOUND");
        expect(await codeOf(stratum.listPermissionBans(root.id))).toBe("TENANT_NOT_FOUND");
        expect(await codeOf(stratum.checkPermission(leaf.id, key))).toBe("ok");
        const force = { force: true };
        expect(await codeOf(stratum.updatePermission(middle.id, policy.id, force))).toBe(
          "FORBIDDEN",
        );
        expect(await codeOf(stratum.deletePermission(middle.id, policy.id, force))).toBe(
          "FORBIDDEN",
        );
        expect(await codeOf(stratum.banPermission(middle.id, key, force))).toBe("FORBIDDEN");
      });
      const plain = { actor_id: "a", actor_type: "jwt", scopes: ["admin"] } as const;
      const forced = () => t.stratum.banPermission(leaf.id, key, { force: true });
      expect(await codeOf(runAs(plain, forced))).toBe("FORBIDDEN");
      // The facade holds nobody to scopes that were not told.
      await runAs({ actor_id: "a", actor_type: "jwt" }, async () => {
        const deletion = t.stratum.deletePermission(root.id, policy.id, { force: true });
        expect(await codeOf(deletion)).toBe("FORBIDDEN");
        expect(await codeOf(forced())).toBe("FORBIDDEN");
      });
      expect(await codeOf(runAs({ ...plain, scopes: ["platform:admin"] }, forced))).toBe("ok");
    });

    it("are not banned away from under a lock above, nor is a ban from above lifted", async () => {
      const { root, middle, leaf, key } = await chain();
      await t.stratum.createPermission(root.id, { key, mode: "LOCKED" });
      await runAs(bound(middle), async () => {
        expect(await codeOf(t.stratum.banPermission(leaf.id, key))).toBe("PERMISSION_LOCKED");
      });
      expect(await codeOf(t.stratum.banPermission(middle.id, key))).toBe("ok");
      await runAs(bound(middle), async () => {
        expect(await codeOf(t.stratum.liftPermissionBan(middle.id, key))).toBe("FORBIDDEN");
        expect(await codeOf(t.stratum.banPermission(leaf.id, "other"))).toBe("ok");
      });
      await runAs(bound(leaf), async () => {
        expect(await codeOf(t.stratum.liftPermissionBan(leaf.id, "other"))).toBe("FORBIDDEN");
      });
      await runAs(bound(root), async () => {
        expect(await codeOf(t.stratum.liftPermissionBan(leaf.id, "other"))).toBe("ok");
      });
    });
  });

  it("are introduced by roots and the platform alone, where permissionOrigin says so", async () => {
    const strict = new Stratum({ pool: t.pool, permissionOrigin: "root" });
    const { root, middle, leaf, key } = await chain();
    const at = (tenant: Tenant, name: string) =>
      runAs({ actor_id: "a", actor_type: "jwt", tenant_id: root.id }, () =>
        codeOf(strict.createPermission(tenant.id, { key: name, mode: "DELEGATED" })),
      );
    expect(await at(middle, key)).toBe("PERMISSION_NOT_DELEGATED");
    expect(await at(root, key)).toBe("ok");
    expect(await at(middle, key)).toBe("ok");
    expect(await codeOf(strict.createPermission(leaf.id, { key: `${key}.platform` }))).toBe("ok");
    await strict.close();
  });

  it("show a change in the process that made it at once, at every level below", async () => {
    const { root, middle, leaf, key } = await chain();
    const policy = await t.stratum.createPermission(root.id, { key });
    for (let n = 0; n < 20; n += 1) {
      await t.stratum.updatePermission(root.id, policy.id, { value: n % 2 === 1 });
      for (const { id } of [root, middle, leaf]) {
        expect(await t.stratum.checkPermission(id, key)).toBe(n % 2 === 1);
      }
    }
    const shared = await t.stratum.resolvePermissions(leaf.id);
    expect(await t.stratum.resolvePermissions(leaf.id)).toBe(shared);
    expect(Object.isFrozen(shared) && Object.isFrozen(shared[key])).toBe(true);
  });
});
