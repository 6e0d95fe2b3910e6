import {
  OPERATIONS,
  runAs,
  Stratum,
  type AuditEntry,
  type Effect,
  type Tenant,
} from "@stratum-hq/lib";
import { gdprMutations } from "../../../../test/support/gdpr-mutations";
import { codeOf, useStratum } from "../../../../test/support/use-stratum";

const ACTOR = {
  actor_id: "alice",
  actor_type: "jwt",
  source_ip: "203.0.113.7",
  request_id: "r-1",
} as const;

const WITHOUT_EVENT = [
  "recordAuditEvent",
  "exportAuditLogs",
  "exportTenantData",
  "exportTenantStream",
  "cancelOperation",
  "resumeOperation",
  "rotateEncryptionKey",
  "rotateDataKey",
];

const POLICY = { name: "n", resource_type: "*", action: "*", effect: "deny" } as const;

type Mutator = {
  [Method in keyof typeof OPERATIONS]: (typeof OPERATIONS)[Method][1] extends "reader"
    ? never
    : Method;
}[keyof typeof OPERATIONS];

describe("the audit log", () => {
  // One connection: a method that asks for a second one while it holds it would wait for ever.
  const t = useStratum({ max: 1 });

  async function count(table: string): Promise<number> {
    const [row] = await t.rows<{ n: number }>(`select count(*)::int as n from stratum.${table}`);
    return row!.n;
  }

  /** The last row's id, which begins with the time: a purge takes older rows away. */
  async function newest(table: string): Promise<string> {
    const [row] = await t.rows<{ id: string }>(
      `select coalesce(max(id::text), '') as id from stratum.${table}`,
    );
    return row!.id;
  }

  const roleOf = (root: Tenant) => ({ name: "r", scopes: ["read"], tenant_id: root.id });

  async function operationOf(root: Tenant, state: string): Promise<string> {
    const [operation] = await t.rows<{ id: string }>(
      `insert into stratum.operations (id, type, tenant_id, state, progress, actor_id, actor_type, claim_id)
       values (gen_random_uuid(), 'purge', $1, $2, '{"done": 0, "total": null}', 'a', 'system', $1)
       returning id`,
      [root.id, state],
    );
    return operation!.id;
  }

  /** One call of each method that changes something, prepared before it is counted. */
  const MUTATIONS: Partial<
    Record<Mutator, (root: Tenant, child: Tenant) => Promise<() => Promise<unknown>>>
  > = {
    createTenant: (root) =>
      Promise.resolve(() => t.stratum.createTenant({ name: "n", parent_id: root.id })),
    createOrganization: () => Promise.resolve(() => t.stratum.createOrganization({ name: "n" })),
    batchCreateTenants: () => Promise.resolve(() => t.stratum.batchCreateTenants([{ name: "n" }])),
    updateTenant: (root) =>
      Promise.resolve(() => t.stratum.updateTenant(root.id, { name: "other" })),
    moveTenant: (_root, child) => Promise.resolve(() => t.stratum.moveTenant(child.id, null)),
    reorderTenant: async (root, child) => {
      await t.stratum.createTenant({ name: "sibling", parent_id: root.id });
      return () => t.stratum.reorderTenant(child.id, 1);
    },
    suspendTenant: (_root, child) => Promise.resolve(() => t.stratum.suspendTenant(child.id)),
    resumeTenant: async (_root, child) => {
      await t.stratum.suspendTenant(child.id);
      return () => t.stratum.resumeTenant(child.id);
    },
    archiveTenant: (_root, child) => Promise.resolve(() => t.stratum.archiveTenant(child.id)),
    deleteTenant: (_root, child) => Promise.resolve(() => t.stratum.deleteTenant(child.id)),
    setConfig: (root) => Promise.resolve(() => t.stratum.setConfig(root.id, "k", { value: 1 })),
    deleteConfig: async (root) => {
      await t.stratum.setConfig(root.id, "k", { value: 1 });
      return () => t.stratum.deleteConfig(root.id, "k");
    },
    batchSetConfig: (root) =>
      Promise.resolve(() => t.stratum.batchSetConfig(root.id, [{ key: "k", value: 1 }])),
    createPermission: (root) =>
      Promise.resolve(() => t.stratum.createPermission(root.id, { key: "p" })),
    updatePermission: async (root) => {
      const { id } = await t.stratum.createPermission(root.id, { key: "p" });
      return () => t.stratum.updatePermission(root.id, id, { value: 1 });
    },
    deletePermission: async (root) => {
      const { id } = await t.stratum.createPermission(root.id, { key: "p" });
      return () => t.stratum.deletePermission(root.id, id);
    },
    banPermission: (root) => Promise.resolve(() => t.stratum.banPermission(root.id, "p")),
    liftPermissionBan: async (root) => {
      await t.stratum.banPermission(root.id, "p");
      return () => t.stratum.liftPermissionBan(root.id, "p");
    },
    createAbacPolicy: (root) => Promise.resolve(() => t.stratum.createAbacPolicy(root.id, POLICY)),
    deleteAbacPolicy: async (root) => {
      const { id } = await t.stratum.createAbacPolicy(root.id, POLICY);
      return () => t.stratum.deleteAbacPolicy(root.id, id);
    },
    recordUsage: (root) =>
      Promise.resolve(() => t.stratum.recordUsage(root.id, { metric: "calls" })),
    ...gdprMutations(t),
    createRole: (root) => Promise.resolve(() => t.stratum.createRole(roleOf(root))),
    updateRole: async (root) => {
      const { id } = await t.stratum.createRole(roleOf(root));
      return () => t.stratum.updateRole(id, { scopes: ["config:read"] });
    },
    deleteRole: async (root) => {
      const { id } = await t.stratum.createRole(roleOf(root));
      return () => t.stratum.deleteRole(id);
    },
    assignRole: async (root) => {
      const { id } = await t.stratum.createRole(roleOf(root));
      return () => t.stratum.assignRole("user", "u", id, root.id);
    },
    removeRole: async (root) => {
      const { id } = await t.stratum.createRole(roleOf(root));
      await t.stratum.assignRole("user", "u", id, root.id);
      return () => t.stratum.removeRole("user", "u", root.id);
    },
    createApiKey: (root) => Promise.resolve(() => t.stratum.createApiKey(root.id)),
    rotateApiKey: async (root) => {
      const { id } = await t.stratum.createApiKey(root.id);
      return () => t.stratum.rotateApiKey(id);
    },
    revokeApiKey: async (root) => {
      const { id } = await t.stratum.createApiKey(root.id);
      return () => t.stratum.revokeApiKey(id);
    },
    revokeApiKeys: async (root) => {
      await t.stratum.createApiKey(root.id);
      return () => t.stratum.revokeApiKeys(root.id);
    },
    assignRoleToKey: async (root) => {
      const [key, role] = [
        await t.stratum.createApiKey(root.id),
        await t.stratum.createRole(roleOf(root)),
      ];
      return () => t.stratum.assignRoleToKey(key.id, role.id);
    },
    removeRoleFromKey: async (root) => {
      const { id: role_id } = await t.stratum.createRole(roleOf(root));
      const { id } = await t.stratum.createApiKey(root.id, { role_id });
      return () => t.stratum.removeRoleFromKey(id);
    },
    exportAuditLogs: (root) =>
      Promise.resolve(() => t.stratum.exportAuditLogs({ tenant_id: root.id })),
    purgeTenant: (_root, child) => Promise.resolve(() => t.stratum.purgeTenant(child.id)),
    cancelOperation: async (root) => {
      const id = await operationOf(root, "running");
      return () => t.stratum.cancelOperation(id);
    },
    resumeOperation: async (root) => {
      const id = await operationOf(root, "failed");
      // What it is about is made up, so that going on with it fails; that it was resumed stays on record.
      return () => codeOf(t.stratum.resumeOperation(id));
    },
    rotateEncryptionKey: () => Promise.resolve(() => t.stratum.rotateEncryptionKey()),
    rotateDataKey: (root) => Promise.resolve(() => t.stratum.rotateDataKey(root.id)),
    recordAuditEvent: () =>
      Promise.resolve(() =>
        t.stratum.recordAuditEvent({ actorId: "a", action: "login", resourceType: "session" }),
      ),
  };

  const withEffect = (wanted: Effect) =>
    Object.entries(OPERATIONS)
      .filter(([, [, effect]]) => effect === wanted)
      .map(([name]) => name as Mutator);

  it.each(withEffect("mutator"))("has a row, and the feed an event, of %s", async (name) => {
    const prepare = MUTATIONS[name];
    expect(prepare).toBeDefined();
    const g = await t.grow(["root", ["child"]]);
    const call = await prepare!(g.root!, g.child!);
    const before = [await newest("audit_logs"), await newest("webhook_events")] as const;
    await runAs({ ...ACTOR, scopes: ["platform:admin"] }, call);
    expect((await newest("audit_logs")) > before[0]).toBe(true);
    // What changes nothing that could be cached or subscribed to.
    if (!WITHOUT_EVENT.includes(name))
      expect((await newest("webhook_events")) > before[1]).toBe(true);
  });

  /** The table that each recorder adds its row to. */
  const RECORDS: Partial<Record<Mutator, string>> = { recordUsage: "usage_events" };

  it.each(withEffect("recorder"))("has no row, and the feed no event, of %s", async (name) => {
    const g = await t.grow(["root", ["child"]]);
    const call = await MUTATIONS[name]!(g.root!, g.child!);
    const table = RECORDS[name]!;
    const before = [await count(table), await count("audit_logs"), await count("webhook_events")];
    await runAs(ACTOR, call);
    const after = [await count(table), await count("audit_logs"), await count("webhook_events")];
    expect(after).toEqual([before[0]! + 1, before[1], before[2]]);
  });

  it("knows no method of the facade that is neither reader, mutator, recorder nor runner", () => {
    const methods = Object.getOwnPropertyNames(Stratum.prototype).filter(
      (name) =>
        !["constructor", "initialize", "close", "boot", "invoke", "bind", "host"].includes(name),
    );
    expect(methods.sort()).toEqual(Object.keys(OPERATIONS).sort());
  });

  it("tells who did what, before and after", async () => {
    const { w } = await t.grow(["w"]);
    await t.stratum.updateTenant(w!.id, { name: "W" }, ACTOR);
    const [entry] = await t.stratum.queryAuditLogs({ tenant_id: w!.id });
    expect(entry).toMatchObject({
      ...ACTOR,
      action: "tenant.updated",
      resource_type: "tenant",
      resource_id: w!.id,
      tenant_id: w!.id,
      before_state: { name: "w", version: 1 },
      after_state: { name: "W", version: 2 },
    });
    expect(await t.stratum.getAuditEntry(entry!.id)).toEqual(entry);
    expect(await codeOf(t.stratum.getAuditEntry(w!.id))).toBe("AUDIT_ENTRY_NOT_FOUND");
  });

  it("leaves no row where nothing changed or the call was refused", async () => {
    const g = await t.grow(["n", ["n1"]]);
    await t.stratum.setConfig(g.n!.id, "k", { value: 1, locked: true });
    const before = [await count("audit_logs"), await count("webhook_events")];
    await t.stratum.setConfig(g.n!.id, "k", { value: 1 });
    await t.stratum.updateTenant(g.n!.id, { name: "n" });
    await t.stratum.moveTenant(g.n1!.id, g.n!.id);
    await codeOf(t.stratum.setConfig(g.n1!.id, "k", { value: 2 }));
    await t.stratum.batchSetConfig(g.n1!.id, [{ key: "k", value: 2 }]);
    await codeOf(t.stratum.suspendTenant(g.n!.id));
    expect([await count("audit_logs"), await count("webhook_events")]).toEqual(before);
  });

  it("stands in the log of every tenant whose row changed, as one operation with one event", async () => {
    const g = await t.grow(["s", ["s1"], ["s2"]]);
    const events = await count("webhook_events");
    await t.stratum.suspendTenant(g.s!.id, { subtree: true, reason: "unpaid" });
    expect(await count("webhook_events")).toBe(events + 1);
    const operations = new Set<string>();
    for (const { id } of Object.values(g)) {
      const [entry] = await t.stratum.queryAuditLogs({ tenant_id: id });
      expect(entry).toMatchObject({
        action: "tenant.suspended",
        before_state: { status: "active" },
        after_state: { status: "suspended", status_reason: "unpaid" },
      });
      operations.add(entry!.operation_id);
    }
    expect(operations.size).toBe(1);
    const [event] = await t.rows<{ type: string; data: { count: number; tenant_ids: string[] } }>(
      "select type, data from stratum.webhook_events where operation_id = $1",
      [...operations],
    );
    expect(event?.data.count).toBe(3);
    expect([...(event?.data.tenant_ids ?? [])].sort()).toEqual(
      Object.values(g)
        .map(({ id }) => id)
        .sort(),
    );
  });

  it("keeps the rows of subtrees apart that are changed in the same millisecond", async () => {
    const roots = await Promise.all(
      Array.from({ length: 12 }, async () => (await t.grow(["x", ["x1"], ["x2"], ["x3"]])).x!),
    );
    for (let round = 0; round < 5; round += 1) {
      await Promise.all(roots.map(({ id }) => t.stratum.suspendTenant(id, { subtree: true })));
      await Promise.all(roots.map(({ id }) => t.stratum.resumeTenant(id, { subtree: true })));
    }
    const ids = await t.rows<{ id: string }>(
      "select id from stratum.audit_logs where action = 'tenant.resumed' and tenant_id = any($1)",
      [roots.map(({ id }) => id)],
    );
    expect(ids).toHaveLength(12 * 5);
    for (const { id } of ids) expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab]/);
  });

  it("tells a moved subtree, tenant by tenant, where its ancestor went", async () => {
    const g = await t.grow(["m", ["m1", ["m2"]], ["m3"]]);
    await t.stratum.moveTenant(g.m1!.id, g.m3!.id);
    for (const { id } of [g.m1!, g.m2!]) {
      const [entry] = await t.stratum.queryAuditLogs({ tenant_id: id });
      expect(entry).toMatchObject({ action: "tenant.moved", tenant_id: id, resource_id: id });
      // No more of the tree than that: a customer does not learn its distributor's structure.
      expect(entry!.before_state).toEqual({ moved_tenant_id: g.m1!.id, parent_id: g.m!.id });
      expect(entry!.after_state).toEqual({ moved_tenant_id: g.m1!.id, parent_id: g.m3!.id });
    }
    const [event] = await t.rows<{ data: { before: object; after: object } }>(
      "select data from stratum.webhook_events where type = 'tenant.moved' and tenant_id = $1",
      [g.m1!.id],
    );
    expect(event?.data.before).toMatchObject({ ancestry_path: `/${g.m!.id}` });
    expect(event?.data.after).toMatchObject({ ancestry_path: `/${g.m!.id}/${g.m3!.id}` });
  });

  it("never has a configuration value in an event", async () => {
    const { c } = await t.grow(["c"]);
    await t.stratum.setConfig(c!.id, "api_token", { value: "hush-hush" });
    const events = await t.rows(
      "select from stratum.webhook_events where data::text like '%hush-hush%'",
    );
    expect(events).toHaveLength(0);
  });

  it("pages newest first, every row once, while rows arrive", async () => {
    const { p } = await t.grow(["p"]);
    for (let n = 0; n < 23; n += 1) await t.stratum.setConfig(p!.id, "k", { value: n });
    const wanted = (await t.stratum.queryAuditLogs({ tenant_id: p!.id, limit: 1000 })).map(
      ({ id }) => id,
    );
    const seen: AuditEntry[] = [];
    for (;;) {
      const cursor = seen.at(-1)?.id ?? null;
      const page = await t.stratum.queryAuditLogs({ tenant_id: p!.id, limit: 5, cursor });
      await t.stratum.setConfig(p!.id, "other", { value: seen.length });
      if (page.length === 0) break;
      seen.push(...page);
    }
    expect(seen.map(({ id }) => id)).toEqual(wanted);
    const times = seen.map(({ created_at }) => created_at);
    expect(times).toEqual([...times].sort().reverse());
  });

  it("filters, and takes descendants along when asked", async () => {
    const g = await t.grow(["f", ["f1"]]);
    await t.stratum.setConfig(g.f1!.id, "k", { value: 1 }, ACTOR);
    const query = (filters: object) =>
      t.stratum.queryAuditLogs({ tenant_id: g.f!.id, include_descendants: true, ...filters });
    expect(await query({ action: "config.updated" })).toHaveLength(1);
    expect(
      await query({ actor_id: "alice", request_id: "r-1", source_ip: "203.0.113.7" }),
    ).toHaveLength(1);
    expect(await query({ resource_type: "config", resource_id: "k" })).toHaveLength(1);
    expect(await query({ include_descendants: false, action: "config.updated" })).toHaveLength(0);
    expect(await query({ from: new Date(Date.now() + 60_000) })).toHaveLength(0);
    expect(await query({ to: new Date(Date.now() + 60_000) })).toHaveLength(3);
  });

  it("shows a caller bound to a tenant its own subtree alone", async () => {
    const g = await t.grow(["v", ["v1", ["v2"]], ["v3"]]);
    const [foreign] = await t.stratum.queryAuditLogs({ tenant_id: g.v3!.id });
    await runAs({ ...ACTOR, tenant_id: g.v1!.id }, async () => {
      const seen = await t.stratum.queryAuditLogs({ limit: 1000 });
      expect(new Set(seen.map(({ tenant_id }) => tenant_id))).toEqual(
        new Set([g.v1!.id, g.v2!.id]),
      );
      expect(await codeOf(t.stratum.queryAuditLogs({ tenant_id: g.v3!.id }))).toBe(
        "TENANT_NOT_FOUND",
      );
      expect(await codeOf(t.stratum.getAuditEntry(foreign!.id))).toBe("AUDIT_ENTRY_NOT_FOUND");
      const event = { actorId: "a", action: "x", resourceType: "y" };
      expect(await codeOf(t.stratum.recordAuditEvent(event))).toBe("FORBIDDEN");
      const own = { ...event, tenantId: g.v2!.id, before: { a: 1 }, occurredAt: new Date(0) };
      expect(await t.stratum.recordAuditEvent(own)).toMatchObject({
        tenant_id: g.v2!.id,
        before_state: { a: 1 },
        after_state: null,
        occurred_at: "1970-01-01T00:00:00.000Z",
        source_ip: "203.0.113.7",
      });
    });
  });
});
