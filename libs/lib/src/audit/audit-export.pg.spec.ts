import { runAs, type AuditEntry } from "@stratum-hq/lib";
import { text } from "node:stream/consumers";
import { codeOf, useStratum } from "../../../../test/support/use-stratum";

describe("exportAuditLogs", () => {
  const t = useStratum();

  function parsed(ndjson: string): AuditEntry[] {
    return ndjson
      .split("\n")
      .filter((line) => line !== "")
      .map((line) => JSON.parse(line) as AuditEntry);
  }

  async function fill(tenantId: string, count: number): Promise<void> {
    // Many of one time, as one statement writes them.
    await t.rows(
      `insert into stratum.audit_logs (id, operation_id, actor_id, actor_type, action, resource_type, tenant_id)
       select (lpad(to_hex(1764028800000 + n / 700), 12, '0') || '7000' || '8' || lpad(to_hex(n), 15, '0'))::uuid,
              gen_random_uuid(), 'a', 'system', 'filled', 'r', $1
       from generate_series(1, $2::int) as n`,
      [tenantId, count],
    );
  }

  /** The server's superuser may become whatever role it likes. */
  async function empty(): Promise<void> {
    await t.pool.query(
      "set role stratum_audit; delete from stratum.audit_logs where action = 'filled'; reset role",
    );
  }

  it("hands out every entry once, newest first, as queryAuditLogs has them, while others arrive", async () => {
    const { a } = await t.grow(["a"]);
    await fill(a!.id, 3500);
    const stream = await t.stratum.exportAuditLogs({ tenant_id: a!.id });
    const arriving = Promise.all(
      Array.from({ length: 20 }, (_, n) => t.stratum.setConfig(a!.id, `k${n}`, { value: n })),
    );
    const entries = parsed(await text(stream));
    await arriving;
    expect(entries).toHaveLength(3501);
    const ids = entries.map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
    expect([...ids].sort().reverse()).toEqual(ids);
    const [first] = await t.stratum.queryAuditLogs({ tenant_id: a!.id, action: "tenant.created" });
    expect(entries[0]).toEqual(first);
    const filtered = await t.stratum.exportAuditLogs({
      tenant_id: a!.id,
      action: "tenant.created",
    });
    expect(parsed(await text(filtered))).toEqual([first]);
    const none = await t.stratum.exportAuditLogs({ tenant_id: a!.id, action: "nothing" });
    expect(await text(none)).toBe("");
  });

  it("is on record itself, with who asked for what", async () => {
    const { b } = await t.grow(["b"]);
    const audit = { actor_id: "alice", actor_type: "jwt" } as const;
    const from = "2026-01-01T00:00:00.000Z";
    await text(await t.stratum.exportAuditLogs({ tenant_id: b!.id, from }, audit));
    const [entry] = await t.stratum.queryAuditLogs({ tenant_id: b!.id, action: "audit.exported" });
    expect(entry).toMatchObject({
      actor_id: "alice",
      resource_type: "audit_log",
      resource_id: b!.id,
      metadata: { filters: { tenant_id: b!.id, from } },
    });
    const unknown = "00000000-0000-7000-8000-000000000000";
    expect(await codeOf(t.stratum.exportAuditLogs({ tenant_id: unknown }))).toBe(
      "TENANT_NOT_FOUND",
    );
  });

  it("goes on for the caller who asked, whoever reads the stream", async () => {
    const g = await t.grow(["c", ["c1", ["c2"]], ["c3"]]);
    for (const { id } of [g.c1!, g.c3!]) await t.stratum.setConfig(id, "k", { value: 1 });
    await empty();
    await fill(g.c2!.id, 1500);
    const actor = { actor_id: "a", actor_type: "jwt", tenant_id: g.c1!.id } as const;
    const stream = await runAs(actor, () => t.stratum.exportAuditLogs());
    const ndjson = await text(stream);
    const tenants = new Set(parsed(ndjson).map(({ tenant_id }) => tenant_id));
    expect(tenants).toEqual(new Set([g.c1!.id, g.c2!.id]));
    expect(parsed(ndjson).length).toBeGreaterThan(1500);
    expect(ndjson).not.toContain(g.c!.id);
  });

  it("reads a page ahead, and no more until it is read", async () => {
    const { d } = await t.grow(["d"]);
    await empty();
    await fill(d!.id, 9000);
    const stream = await t.stratum.exportAuditLogs({ tenant_id: d!.id });
    await empty();
    const entries = parsed(await text(stream));
    expect(entries.length).toBeLessThanOrEqual(2000);
    expect(entries.length).toBeGreaterThanOrEqual(1000);
  });
});
