import { runAs, type AuditEntry, type Tenant } from "@stratum-hq/lib";
import { text } from "node:stream/consumers";
import { verifyExport } from "../../../../examples/verify-export";
import { exportedRows as rowsOf, furnishTenant, HUSH, ODD } from "../../../../test/support/exports";
import { codeOf, useStratum } from "../../../../test/support/use-stratum";
import { DECLARED } from "../declarations";

const CONTROL_TABLES = DECLARED.controlTables;

type Row = Record<string, unknown>;

const ALICE = { actor_id: "alice", actor_type: "jwt" } as const;

describe("an export", () => {
  const t = useStratum();

  const furnish = (tenant: Tenant) => furnishTenant(t, tenant);

  /** What a table has of a tenant, straight from the database. */
  const stored = async (table: (typeof CONTROL_TABLES)[number], id: string) =>
    (
      await t.rows<{ row: Row }>(
        `select row_to_json(r) as row from (
           select ${table.exported.join()} from stratum.${table.table}
           where ${table.tenant} = $1 order by ${table.key.join()}) as r`,
        [id],
      )
    ).map(({ row }) => row);

  const operation = async (id: string) =>
    (await t.stratum.listOperations({ tenant_id: id, type: "export" })).data[0]!;
  const log = async (id: string): Promise<AuditEntry[]> =>
    t.stratum.queryAuditLogs({ tenant_id: id, resource_type: "tenant_export" });

  /** Nobody holds a connection: as many as the pool may have can be had at once. */
  async function expectAllReturned(): Promise<void> {
    while (t.pool.idleCount < t.pool.totalCount) await new Promise((done) => setTimeout(done, 5));
    expect(t.pool.waitingCount).toBe(0);
  }

  async function until(condition: () => Promise<boolean>): Promise<void> {
    while (!(await condition())) await new Promise((done) => setTimeout(done, 5));
  }

  it("has every row of the tenant, as the database has it, and no other's", async () => {
    const g = await t.grow(["a", ["a1", ["a2"]], ["a3"]]);
    for (const tenant of Object.values(g)) await furnish(tenant);
    const stream = await t.stratum.exportTenantStream(g.a1!.id);
    const rows = await rowsOf(stream);
    for (const table of CONTROL_TABLES) {
      const wanted = await stored(table, g.a1!.id);
      const got = rows[table.part] ?? [];
      expect(got.length).toBeGreaterThan(0);
      // Written since, by the export itself.
      if (["operations", "audit_logs"].includes(table.part)) {
        const ids = new Set(got.map(({ id }) => id));
        const same = wanted.filter(({ id }) => ids.has(id));
        if (table.part === "audit_logs") expect(got).toEqual(same);
        expect(got).toHaveLength(same.length);
      } else if (table.sealed === undefined) expect(got).toEqual(wanted);
    }
    const own = Object.entries(rows).flatMap(([part, all]) =>
      all.map((row) => row[part === "tenant" ? "id" : "tenant_id"]),
    );
    expect(new Set(own)).toEqual(new Set([g.a1!.id]));
    expect(rows.config_entries).toMatchObject([
      { key: "odd", value: ODD, sensitive: false },
      { key: "smtp", value: "[masked]", sensitive: true },
    ]);
  });

  it("writes numbers as they are stored, whatever a double holds of them", async () => {
    const { b } = await t.grow(["b"]);
    await furnish(b!);
    const ndjson = await text(await t.stratum.exportTenantStream(b!.id));
    expect(ndjson).toContain('"quantity":123456789.12345678901234567890');
    expect(ndjson).toContain("line\\nfeed \u2028");
    expect(ndjson).toContain(`"big": 1${"0".repeat(300)},`);
  });

  it("of a tenant is one document: the parts of the stream, the tenant, and the manifest", async () => {
    const { c } = await t.grow(["c"]);
    await furnish(c!);
    const { manifest, tenant, ...parts } = await t.stratum.exportTenantData(c!.id);
    expect(manifest).toMatchObject({
      ...{ format: "stratum-tenant-export", version: 1, tenant_id: c!.id, include_secrets: false },
      exported_at: expect.stringMatching(/^\d{4}-\d\d-\d\dT.*Z$/) as string,
    });
    expect(Object.keys(manifest.parts)).toEqual(CONTROL_TABLES.map(({ part }) => part));
    expect(tenant).toMatchObject({ id: c!.id, slug: c!.slug, name: "c" });
    const { data } = await t.stratum.listOperations({ tenant_id: c!.id });
    expect(data[0]).toMatchObject({ id: manifest.operation_id, state: "succeeded" });
    for (const [part, rows] of Object.entries(parts))
      expect(manifest.parts[part]!.rows).toBe((rows as Row[]).length);
    expect(manifest.parts.consent_records!.rows).toBe(1);
    const empty = (await t.grow(["c2"])).c2!;
    const { config_entries } = await t.stratum.exportTenantData(empty.id);
    expect(config_entries).toEqual([]);
  });

  it("has hashes that tell when anything was changed, lost or added", async () => {
    const { d } = await t.grow(["d"]);
    await furnish(d!);
    const ndjson = await text(await t.stratum.exportTenantStream(d!.id));
    const verify = async (changed: string) => {
      async function* chunks() {
        yield await Promise.resolve(Buffer.from(changed));
      }
      return verifyExport(chunks());
    };
    expect(await verify(ndjson)).toEqual([]);
    const lines = ndjson.split("\n");
    const other = ndjson.replace('"subject_id":"s"', '"subject_id":"t"');
    expect(await verify(other)).toEqual(["consent_records: its hash is another one"]);
    const swapped = [lines[0], lines[2], lines[1], ...lines.slice(3)].join("\n");
    expect(await verify(swapped)).toEqual(["config_entries: its hash is another one"]);
    const lost = lines.filter((line) => !line.startsWith('{"part":"roles"')).join("\n");
    expect(await verify(lost)).toHaveLength(2);
    expect(await verify(lines.slice(0, -2).join("\n"))).toEqual([
      "the manifest is missing: the export broke off",
    ]);
    expect(await verify(`${lines[1]}\n${ndjson}`)).toHaveLength(2);
  });

  it("has nothing that opens anything: no hash, no wrapped key, no ciphertext, no sensitive value", async () => {
    const { e } = await t.grow(["e"]);
    await furnish(e!);
    const ndjson = await text(await t.stratum.exportTenantStream(e!.id));
    const [secret] = await t.rows<{ hash: string; wrapped: string; sealed: string }>(
      `select (select encode(key_hash, 'hex') from stratum.api_keys where tenant_id = $1) as hash,
              (select wrapped from stratum.tenant_keys where tenant_id = $1) as wrapped,
              (select value #>> '{}' from stratum.config_entries where tenant_id = $1 and sensitive) as sealed`,
      [e!.id],
    );
    for (const hidden of [HUSH, ...Object.values(secret!)]) expect(ndjson).not.toContain(hidden);
  });

  it("has sensitive values in clear on request, on record, for who may reveal them", async () => {
    const { f } = await t.grow(["f"]);
    await furnish(f!);
    await t.stratum.setConfig(f!.id, "torn", { value: 1, sensitive: true });
    await t.rows(
      `update stratum.config_entries set value = to_jsonb('v1.1.AAAAAAAAAAAAAAAA.AAAAAAAAAAAAAAAAAAAAAAAA'::text)
       where tenant_id = $1 and key = 'torn'`,
      [f!.id],
    );
    const reveal = { include_secrets: true };
    const { config_entries, manifest } = await t.stratum.exportTenantData(f!.id, reveal, ALICE);
    expect(config_entries).toMatchObject([
      { key: "odd", value: ODD },
      { key: "smtp", value: { login: HUSH }, sensitive: true },
      { key: "torn", value: null, error: "DECRYPTION_FAILED" },
    ]);
    expect(manifest.include_secrets).toBe(true);
    for (const entry of await log(f!.id))
      expect(entry).toMatchObject({ ...ALICE, metadata: { include_secrets: true } });
    expect(JSON.stringify(await log(f!.id))).not.toContain(HUSH);
    const rows = await rowsOf(await t.stratum.exportTenantStream(f!.id, reveal));
    expect(rows.config_entries).toEqual(config_entries);
    const lacking = { ...ALICE, scopes: ["gdpr:export", "write"] };
    const refused = runAs(lacking, () => t.stratum.exportTenantStream(f!.id, reveal));
    expect(await codeOf(refused)).toBe("FORBIDDEN");
    // The facade holds nobody to scopes that were not told.
    const untold = runAs(ALICE, () => t.stratum.exportTenantData(f!.id, reveal));
    expect(await codeOf(untold)).toBe("FORBIDDEN");
    const holding = { ...ALICE, scopes: ["gdpr:export", "config:reveal"] };
    const allowed = await runAs(holding, () => t.stratum.exportTenantData(f!.id, reveal));
    expect(allowed.config_entries).toEqual(config_entries);
  });

  it("is of one moment, whatever is written meanwhile", async () => {
    const { g } = await t.grow(["g"]);
    await t.rows(
      `insert into stratum.usage_events (id, tenant_id, metric)
       select gen_random_uuid(), $1, 'm' || n from generate_series(1, 5000) as n`,
      [g!.id],
    );
    await furnish(g!);
    const before = await Promise.all(CONTROL_TABLES.map((table) => stored(table, g!.id)));
    const stream = await t.stratum.exportTenantStream(g!.id);
    for (let n = 0; n < 10; n += 1) {
      await t.stratum.setConfig(g!.id, `late${n}`, { value: n });
      await t.stratum.recordUsage(g!.id, { metric: "late" });
    }
    await t.stratum.deleteConfig(g!.id, "odd");
    await t.stratum.revokeConsent(g!.id, "s", "p");
    await t.stratum.updateTenant(g!.id, { name: "late" });
    await t.rows("delete from stratum.usage_events where tenant_id = $1 and metric like 'm%'", [
      g!.id,
    ]);
    const rows = await rowsOf(stream);
    for (const [n, { part, sealed }] of CONTROL_TABLES.entries()) {
      if (["operations", "audit_logs"].includes(part) || sealed !== undefined) continue;
      expect(rows[part]).toEqual(before[n]);
    }
    expect(rows.config_entries!.map(({ key }) => key)).toEqual(["odd", "smtp"]);
    expect(JSON.stringify(rows)).not.toContain("late");
  });

  it("is on record as it begins and as it ends, with how much went out, and as an operation", async () => {
    const { h } = await t.grow(["h"]);
    await furnish(h!);
    const stream = await t.stratum.exportTenantStream(h!.id, {}, ALICE);
    const { id } = await operation(h!.id);
    const started = { action: "tenant.export_started", resource_id: id, tenant_id: h!.id };
    expect(await log(h!.id)).toMatchObject([{ ...ALICE, ...started }]);
    expect(await operation(h!.id)).toMatchObject({ state: "running", resumable: false });
    const rows = await rowsOf(stream);
    const parts = Object.fromEntries(
      CONTROL_TABLES.map(({ part }) => [part, rows[part]?.length ?? 0]),
    );
    const total = Object.values(parts).reduce((sum, n) => sum + n, 0);
    const [ended] = await log(h!.id);
    expect(ended).toMatchObject({
      ...{ ...ALICE, action: "tenant.exported", resource_id: id },
      metadata: { rows: total, parts, include_secrets: false },
    });
    await until(async () => (await operation(h!.id)).state !== "running");
    expect(await operation(h!.id)).toMatchObject({
      ...{ state: "succeeded", result: { rows: total, parts }, progress: { done: total } },
    });
  });

  it("that is broken off gives its connection back, and is on record as such", async () => {
    const { i } = await t.grow(["i"]);
    await t.rows(
      `insert into stratum.usage_events (id, tenant_id, metric, metadata)
       select gen_random_uuid(), $1, 'm' || n, jsonb_build_object('a', repeat('x', 1000))
       from generate_series(1, 5000) as n`,
      [i!.id],
    );
    const stream = await t.stratum.exportTenantStream(i!.id);
    for await (const chunk of stream as AsyncIterable<Buffer>) if (chunk.length > 0) break;
    await until(async () => (await operation(i!.id)).state !== "running");
    expect(await operation(i!.id)).toMatchObject({ state: "cancelled", error: null });
    const [ended] = await log(i!.id);
    expect(ended).toMatchObject({
      ...{ action: "tenant.export_failed", metadata: { code: "OPERATION_CANCELLED" } },
    });
    expect((ended!.metadata.rows as number) > 0 && (ended!.metadata.rows as number) < 5000).toBe(
      true,
    );
    const unread = await t.stratum.exportTenantStream(i!.id);
    unread.destroy();
    await until(async () => (await operation(i!.id)).state !== "running");
    const failing = await t.stratum.exportTenantStream(i!.id);
    failing.on("error", () => undefined);
    failing.destroy(new Error("the disk is full"));
    await until(async () => (await operation(i!.id)).state !== "running");
    expect(await operation(i!.id)).toMatchObject({ state: "failed" });
    await expectAllReturned();
  });

  it("that is cancelled ends its reader's stream with the error that says so", async () => {
    const { j } = await t.grow(["j"]);
    await t.rows(
      `insert into stratum.usage_events (id, tenant_id, metric, metadata)
       select gen_random_uuid(), $1, 'm' || n, jsonb_build_object('a', repeat('x', 1000))
       from generate_series(1, 3000) as n`,
      [j!.id],
    );
    const stream = await t.stratum.exportTenantStream(j!.id);
    const { id } = await operation(j!.id);
    await t.stratum.cancelOperation(id);
    const failure = new Promise((failed) => stream.once("error", failed));
    expect(await failure).toMatchObject({ code: "OPERATION_CANCELLED" });
    await until(async () => (await operation(j!.id)).state === "cancelled");
    await expectAllReturned();
  }, 30_000);

  it("reads as it is read, and no further ahead than a few batches", async () => {
    const { k } = await t.grow(["k"]);
    await t.rows(
      `insert into stratum.usage_events (id, tenant_id, metric, metadata)
       select gen_random_uuid(), $1, 'm' || n, jsonb_build_object('a', repeat('x', 1000))
       from generate_series(1, 20000) as n`,
      [k!.id],
    );
    const stream = await t.stratum.exportTenantStream(k!.id);
    let seen = 0;
    for await (const chunk of stream as AsyncIterable<Buffer>) {
      seen += chunk.length;
      if (seen > 200_000) break;
      await new Promise((done) => setTimeout(done, 5));
    }
    const [ended] = await t.rows<{ n: number }>(
      `select (metadata ->> 'rows')::int as n from stratum.audit_logs
       where tenant_id = $1 and action = 'tenant.export_failed'`,
      [k!.id],
    );
    expect(ended?.n ?? 0).toBeLessThan(3000);
  });

  it("of more than one document may have is refused, and streams", async () => {
    const { l } = await t.grow(["l"]);
    await t.rows(
      `insert into stratum.usage_events (id, tenant_id, metric, metadata)
       select gen_random_uuid(), $1, 'm', jsonb_build_object('a', repeat('x', 60000))
       from generate_series(1, 1200) as n`,
      [l!.id],
    );
    const refused = t.stratum.exportTenantData(l!.id);
    await expect(refused).rejects.toMatchObject({
      code: "RESULT_TOO_LARGE",
      details: { limit: 67_108_864, use: "exportTenantStream" },
    });
    expect(await operation(l!.id)).toMatchObject({
      ...{ state: "failed", error: { code: "RESULT_TOO_LARGE" } },
    });
    expect((await rowsOf(await t.stratum.exportTenantStream(l!.id))).usage_events).toHaveLength(
      1200,
    );
    await expectAllReturned();
  });
});
