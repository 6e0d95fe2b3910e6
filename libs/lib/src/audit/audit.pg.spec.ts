import { runAs, type AuditEntry } from "@stratum-hq/lib";
import { codeOf, useStratum } from "../../../../test/support/use-stratum";

const ACTOR = {
  actor_id: "alice",
  actor_type: "jwt",
  source_ip: "203.0.113.7",
  request_id: "r-1",
} as const;

describe("the audit log", () => {
  // One connection: a method that asks for a second one while it holds it would wait for ever.
  const t = useStratum({ max: 1 });

  async function count(table: string): Promise<number> {
    const [row] = await t.rows<{ n: number }>(`select count(*)::int as n from stratum.${table}`);
    return row!.n;
  }

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
