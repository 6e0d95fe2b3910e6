import { RETENTION_BATCH_ROWS, runAs, Stratum, type Actor } from "@stratum-hq/lib";
import { grownOld, type OldRecords } from "../../../../test/support/grown-old";
import { codeOf, useStratum } from "../../../../test/support/use-stratum";

const GONE = "0199a000-0000-7000-8000-00000000dead";

describe.each(["webhook_events", "audit_logs"] as const)("retention of %s", (table) => {
  // One connection: a batch that asks for a second one while it holds it would wait for ever.
  const t = useStratum({ max: 1 });
  const isAudit = table === "audit_logs";
  const key = isAudit ? "stratum.retention.audit_days" : "stratum.retention.events_days";
  const days = isAudit ? 400 : 90;

  const expire = async (scope?: object) =>
    (
      await (isAudit
        ? t.stratum.purgeExpiredAuditLogs(scope)
        : t.stratum.purgeExpiredData(undefined, scope))
    ).deleted_count;

  async function old(tenantId: string | null, age: number, count = 1): Promise<void> {
    const records: OldRecords = { table, tenantId, days: age, count };
    await grownOld(t, records);
  }

  /** How many days old the old records are that are left of a tenant. */
  async function left(tenantId: string | null): Promise<number[]> {
    const mark = isAudit ? "action" : "type";
    const rows = await t.rows<{ age: number }>(
      `select round(extract(epoch from now() - created_at) / 86400)::int as age from stratum.${table}
       where tenant_id is not distinct from $1 and ${mark} = 'grown.old' order by id`,
      [tenantId],
    );
    return rows.map(({ age }) => age);
  }

  async function records(tenantId: string | null) {
    const all = await t.stratum.queryAuditLogs({ action: "data.expired", limit: 1000 });
    return all.filter(({ tenant_id }) => tenant_id === tenantId);
  }

  it("deletes what is older than the default, of one tenant, and leaves a row in its log", async () => {
    const g = await t.grow(["a", ["a1"]]);
    for (const { id } of [g.a!, g.a1!]) {
      await old(id, days + 1, 3);
      await old(id, days - 1, 2);
    }
    const actor = { actor_id: "cron", actor_type: "system" } as const;
    const deleted = isAudit
      ? await t.stratum.purgeExpiredAuditLogs({ tenant_id: g.a!.id }, actor)
      : await t.stratum.purgeExpiredData(days, { tenant_id: g.a!.id }, actor);
    expect(deleted).toEqual({ deleted_count: 3 });
    expect(await left(g.a!.id)).toEqual([days - 1, days - 1]);
    expect(await left(g.a1!.id)).toHaveLength(5);
    expect(await records(g.a!.id)).toMatchObject([
      {
        actor_id: "cron",
        resource_type: isAudit ? "audit_log" : "webhook_event",
        before_state: { deleted: 3, days },
        after_state: null,
      },
    ]);
    expect(await expire({ tenant_id: g.a!.id })).toBe(0);
    expect(await records(g.a!.id)).toHaveLength(1);
    expect(await expire({ tenant_id: g.a!.id, include_descendants: true })).toBe(3);
    expect(await records(g.a1!.id)).toHaveLength(1);
  });

  it("goes by what is configured for the tenant, inherited or locked", async () => {
    const g = await t.grow(["b", ["b1", ["b2"]], ["b3"]]);
    await t.stratum.setConfig(g.b1!.id, key, { value: 10 });
    await t.stratum.setConfig(g.b3!.id, key, { value: 1000 });
    for (const { id } of Object.values(g)) await old(id, 11, 1);
    for (const { id } of Object.values(g)) await old(id, days + 1, 1);
    expect(await expire({ tenant_id: g.b!.id, include_descendants: true })).toBe(5);
    expect(await left(g.b!.id)).toEqual([11]);
    expect(await left(g.b1!.id)).toEqual([]);
    expect(await left(g.b2!.id)).toEqual([]);
    expect(await left(g.b3!.id)).toEqual([days + 1, 11]);
    await t.stratum.setConfig(g.b!.id, key, { value: 5, locked: true });
    expect(await expire({ tenant_id: g.b!.id, include_descendants: true })).toBe(3);
  });

  it("takes batch after batch, none larger than the bound", async () => {
    const { c } = await t.grow(["c"]);
    await old(c!.id, days + 1, RETENTION_BATCH_ROWS + 7);
    expect(await expire({ tenant_id: c!.id })).toBe(RETENTION_BATCH_ROWS + 7);
    const counts = (await records(c!.id)).map(
      ({ before_state }) => (before_state as { deleted: number }).deleted,
    );
    expect(counts).toEqual([7, RETENTION_BATCH_ROWS]);
  });

  it("takes everybody's for the platform, its own and those of tenants that are gone too", async () => {
    const g = await t.grow(["d", ["d1"]]);
    await expire();
    for (const id of [g.d!.id, g.d1!.id, null, GONE]) {
      await old(id, days + 1, 2);
      await old(id, days - 1, 1);
    }
    expect(await expire()).toBe(8);
    for (const id of [g.d!.id, g.d1!.id, null, GONE]) expect(await left(id)).toEqual([days - 1]);
    expect(await expire()).toBe(0);
  });

  it("spares who is on legal hold, and all below", async () => {
    const g = await t.grow(["h", ["h1", ["h2"]], ["h3"]]);
    for (const { id } of Object.values(g)) await old(id, days + 1);
    await t.stratum.updateTenant(g.h1!.id, { legal_hold: true });
    expect(await codeOf(expire({ tenant_id: g.h1!.id }))).toBe("TENANT_ON_LEGAL_HOLD");
    expect(await expire({ tenant_id: g.h2!.id })).toBe(0);
    expect(await expire({ tenant_id: g.h!.id, include_descendants: true })).toBe(2);
    for (const { id } of [g.h1!, g.h2!]) expect(await left(id)).toHaveLength(1);
    await expire();
    for (const { id } of [g.h1!, g.h2!]) expect(await left(id)).toHaveLength(1);
    await t.stratum.updateTenant(g.h1!.id, { legal_hold: false });
    expect(await expire({ tenant_id: g.h!.id, include_descendants: true })).toBe(2);
  });

  it("is a tenant's for its own subtree, and everybody's for administrators of the platform alone", async () => {
    const g = await t.grow(["s", ["s1", ["s2"]], ["s3"]]);
    for (const { id } of Object.values(g)) await old(id, days + 1);
    const bound: Actor = {
      actor_id: "x",
      actor_type: "jwt",
      tenant_id: g.s1!.id,
      scopes: ["admin"],
    };
    await runAs(bound, async () => {
      expect(await codeOf(expire())).toBe("FORBIDDEN");
      expect(await codeOf(expire({ tenant_id: g.s3!.id }))).toBe("TENANT_NOT_FOUND");
      expect(await codeOf(expire({ tenant_id: g.s!.id }))).toBe("TENANT_NOT_FOUND");
      expect(await expire({ tenant_id: g.s1!.id, include_descendants: true })).toBe(2);
    });
    const unscoped: Actor = { actor_id: "x", actor_type: "jwt", scopes: ["write"] };
    expect(await codeOf(runAs(unscoped, () => expire()))).toBe("FORBIDDEN");
    // The facade holds nobody to scopes that were not told.
    for (const tenant_id of [null, g.s1!.id]) {
      const untold: Actor = { actor_id: "x", actor_type: "jwt", tenant_id };
      expect(await codeOf(runAs(untold, () => expire()))).toBe("FORBIDDEN");
    }
    expect(await left(g.s!.id)).toHaveLength(1);
  });

  it("spares who is laid on hold after it has begun", async () => {
    const { l } = await t.grow(["l"]);
    await old(l!.id, days + 1, RETENTION_BATCH_ROWS + 1);
    const other = new Stratum({ pool: t.database.newPool({ max: 1 }) });
    const transaction = t.database.newPool({ max: 1 });
    const client = await transaction.connect();
    // Holds the tenant's row: retention waits for it, and sees what became of it.
    await client.query("begin");
    await client.query("update stratum.tenants set legal_hold = true where id = $1", [l!.id]);
    const expiring = isAudit
      ? other.purgeExpiredAuditLogs({ tenant_id: l!.id })
      : other.purgeExpiredData(undefined, { tenant_id: l!.id });
    const call = { ended: false };
    void expiring.finally(() => (call.ended = true));
    for (let waiting = 0; waiting === 0 && !call.ended;) {
      const [row] = await t.rows<{ n: number }>(
        `select count(*)::int as n from pg_stat_activity
         where wait_event_type = 'Lock' and datname = current_database()`,
      );
      waiting = row!.n;
    }
    await client.query("commit");
    client.release();
    expect(await expiring).toEqual({ deleted_count: 0 });
    await other.close();
    expect(await left(l!.id)).toHaveLength(RETENTION_BATCH_ROWS + 1);
  });

  it("neither deletes nor records where a batch fails", async () => {
    const { f } = await t.grow(["f"]);
    await old(f!.id, days + 1, 2);
    await t.rows(
      `alter table stratum.audit_logs add constraint no_expiry check (action <> 'data.expired') not valid`,
    );
    try {
      expect(await codeOf(expire({ tenant_id: f!.id }))).toBe("DATABASE_ERROR");
    } finally {
      await t.rows("alter table stratum.audit_logs drop constraint no_expiry");
    }
    expect(await left(f!.id)).toHaveLength(2);
    expect(await records(f!.id)).toEqual([]);
  });

  it.each([0, 1.5, 40_000, "90", null])("refuses to keep for %s days", async (given) => {
    const call = t.stratum.purgeExpiredData(given as number);
    expect(await codeOf(call)).toBe("VALIDATION_ERROR");
  });
});
