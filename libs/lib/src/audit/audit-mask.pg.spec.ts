import { MASK } from "@stratum-hq/lib";
import fc from "fast-check";
import { useStratum } from "../../../../test/support/use-stratum";
import { AuditMask } from "../persistence/audit-mask";

describe("secrets", () => {
  const t = useStratum({ max: 1 });
  const KEY = `sk_live_${"aB3_".repeat(10)}xyz`;
  const URL = "postgres://user:hush-hush@example.com/db";

  /** Every row of the log and of the outbox that quotes a text. */
  async function quoting(text: string): Promise<unknown[]> {
    return t.rows(
      `select to_jsonb(a) as row from stratum.audit_logs a where to_jsonb(a)::text like '%' || $1 || '%'
       union all
       select to_jsonb(e) from stratum.webhook_events e where to_jsonb(e)::text like '%' || $1 || '%'`,
      [text],
    );
  }

  async function latest(tenantId: string) {
    const [entry] = await t.stratum.queryAuditLogs({ tenant_id: tenantId });
    return entry!;
  }

  it("stand neither in the rows nor in the events of a change", async () => {
    const { a } = await t.grow(["a"]);
    const audit = { actor_id: KEY, actor_type: "api_key" } as const;
    const metadata = { smtp: { password: "hush-hush" }, note: `with ${KEY}`, plan: "gold" };
    await t.stratum.updateTenant(a!.id, { metadata }, audit);
    await t.stratum.setConfig(a!.id, "smtp.password", { value: "hush-hush" });
    await t.stratum.batchSetConfig(a!.id, [
      { key: "api_token", value: { deep: "hush-hush" } },
      { key: "database_url", value: URL },
      { key: "plan", value: "gold" },
    ]);
    expect(await latest(a!.id)).toMatchObject({
      after_state: {
        api_token: { value: MASK, version: 1 },
        database_url: { value: `postgres://${MASK}@example.com/db` },
        plan: { value: "gold" },
      },
    });
    const [entry] = await t.stratum.queryAuditLogs({ tenant_id: a!.id, action: "tenant.updated" });
    expect(entry).toMatchObject({
      actor_id: MASK,
      after_state: { metadata: { smtp: { password: MASK }, note: `with ${MASK}`, plan: "gold" } },
    });
    expect(await quoting("hush-hush")).toEqual([]);
    expect(await quoting(KEY)).toEqual([]);
  });

  it("stand not in what a statement wrote of many rows", async () => {
    const g = await t.grow(["b", ["c"]]);
    const value = { url: URL, password: 'hush-hush "quoted"', note: KEY, plan: "gold" };
    await t.stratum.createPermission(g.b!.id, { key: "p", mode: "DELEGATED", value });
    const below = await t.stratum.createPermission(g.c!.id, { key: "p", value });
    await t.stratum.suspendTenant(g.c!.id, { reason: `because of ${KEY}` });
    await t.stratum.resumeTenant(g.c!.id);
    await t.stratum.banPermission(g.b!.id, "p");
    const entries = await t.stratum.queryAuditLogs({
      tenant_id: g.c!.id,
      resource_id: below.id,
      action: "permission.deleted",
    });
    expect(entries[0]!.before_state).toMatchObject({
      value: {
        url: `postgres://${MASK}@example.com/db`,
        password: MASK,
        note: MASK,
        plan: "gold",
      },
    });
    expect(await quoting("hush-hush")).toEqual([]);
    expect(await quoting(KEY)).toEqual([]);
  });

  it("leave what SQL made of them JSON, and other states as they are", async () => {
    const mask = new AuditMask({ pool: t.pool, keyPrefix: "n_" });
    const part = fc.constantFrom(
      ...[
        '"',
        "\\",
        "\n",
        "\n_",
        "token",
        ": ",
        "://",
        "@",
        "a",
        "{",
        "sk_live_",
        "x".repeat(40),
        " ",
      ],
    );
    const text = fc.array(part, { maxLength: 12 }).map((parts) => parts.join(""));
    const state = fc.object({ key: text, values: [text, fc.integer(), fc.constant(null)] });
    const values = fc.sample(state, 2000).map((value) => JSON.stringify(value));
    const rows = await t.rows<{ before: string; after: string }>(
      `select state::text as before, (${mask.sql("state", "lower(state::text)")})::text as after
       from unnest($1::jsonb[]) as state`,
      [values],
    );
    expect(rows).toHaveLength(values.length);
    const secret = /token|:\/\/|_[a-z_+/=-]{32}/i;
    for (const { before, after } of rows.filter((row) => !secret.test(row.before))) {
      expect(after).toBe(before);
    }
  });

  it("stand not in the host application's events", async () => {
    const entry = await t.stratum.recordAuditEvent({
      actorId: KEY,
      action: "integration.connected",
      resourceType: "integration",
      resourceId: URL,
      before: { key: "x", value: "hush-hush", sensitive: false },
      after: { key: "x", value: "hush-hush", sensitive: true },
      metadata: { headers: { authorization: "Bearer hush-hush" } },
    });
    expect(entry).toMatchObject({
      actor_id: MASK,
      resource_id: `postgres://${MASK}@example.com/db`,
      before_state: { value: MASK },
      after_state: { value: MASK },
      metadata: { headers: { authorization: MASK } },
    });
    expect(await quoting("hush-hush")).toEqual([]);
    expect(await quoting(KEY)).toEqual([]);
  });
});
