import { runAs, Stratum, type Actor, type Tenant } from "@stratum-hq/lib";
import { codeOf, useStratum } from "../../../../test/support/use-stratum";

const UNKNOWN = "00000000-0000-7000-8000-000000000000";

describe("purgeTenant", () => {
  // One connection: a step that asks for a second one while it holds it would wait for ever.
  const t = useStratum({ max: 1 });

  const bound = (tenant: Tenant, ...scopes: string[]): Actor => ({
    ...{ actor_id: "a", actor_type: "jwt", tenant_id: tenant.id, scopes },
  });
  const exists = async (tenant: Tenant) =>
    (await codeOf(t.stratum.getTenant(tenant.id, true))) === "ok";

  /** Gives a tenant rows in every table. */
  async function fill({ id, slug }: Tenant): Promise<void> {
    const { stratum } = t;
    await stratum.setConfig(id, "plain", { value: `${slug}_value` });
    await stratum.setConfig(id, "hidden", { value: `${slug}_secret`, sensitive: true });
    await stratum.createPermission(id, { key: `${slug}.export` });
    await stratum.banPermission(id, `${slug}.ban`);
    await stratum.createAbacPolicy(id, {
      ...{ name: `${slug}_policy`, resource_type: "*", action: "*", effect: "deny" },
    });
    const role = await stratum.createRole({
      ...{ name: `${slug}_role`, scopes: ["read"], tenant_id: id },
    });
    await stratum.assignRole("user", `${slug}_user`, role.id, id);
    await stratum.grantConsent(id, { subject_id: `${slug}_subject`, purpose: "newsletter" });
    await stratum.createApiKey(id, { name: `${slug}_key`, role_id: role.id });
    await stratum.recordUsage(id, { metric: `${slug}_metric`, idempotency_key: `${slug}_usage` });
  }

  it("takes every row of the tenant away, and certifies what it took", async () => {
    const g = await t.grow(["a", ["gone"], ["stays"]]);
    for (const tenant of [g.gone!, g.stays!]) await fill(tenant);
    const keys = await t.rows<{ id: string }>(
      "select id from stratum.tenant_keys where tenant_id = $1",
      [g.gone!.id],
    );
    const audit = { actor_id: "dpo", actor_type: "jwt", request_id: "r-17" } as const;
    const certificate = await t.stratum.purgeTenant(g.gone!.id, audit);
    expect(certificate).toMatchObject({
      ...{ tenant_id: g.gone!.id, subtree: false, tenants: 1, ...audit },
      key_ids: keys.map(({ id }) => id),
      deleted: {
        ...{ tenants: 1, config_entries: 2, permission_policies: 1, permission_bans: 1, roles: 1 },
        ...{ abac_policies: 1, principal_roles: 1, api_keys: 1, usage_events: 1, tenant_keys: 1 },
        consent_records: 1,
        audit_logs: expect.any(Number) as number,
        webhook_events: expect.any(Number) as number,
      },
    });
    expect(certificate.completed_at >= certificate.requested_at).toBe(true);
    expect(await exists(g.gone!)).toBe(false);
    expect(await t.stratum.resolveConfig(g.stays!.id)).toMatchObject({
      hidden: { value: "stays_secret" },
    });
    for (const id of [certificate.id, g.gone!.id])
      expect(await t.stratum.getPurgeCertificate(id)).toEqual(certificate);
    expect(await t.stratum.createTenant({ name: "gone", slug: "gone" })).toMatchObject({
      slug: "gone",
    });
    expect(await t.stratum.getOperation(certificate.id)).toMatchObject({
      ...{ type: "purge", tenant_id: g.a!.id, state: "succeeded", cancellable: false },
      ...{ progress: { done: 1, total: 1 }, result: { certificate_id: certificate.id } },
    });
  });

  it("leaves no trace in any column of any table but the certificate, and what tells of it", async () => {
    const g = await t.grow(["b", ["trace", ["trace_low"], ["moved"]]]);
    for (const tenant of [g.trace!, g.trace_low!]) await fill(tenant);
    await t.stratum.moveTenant(g.moved!.id, g.b!.id);
    await t.stratum.suspendTenant(g.trace!.id, { subtree: true, reason: "trace_reason" });
    const { id } = await t.stratum.purgeTenant(g.trace!.id, { subtree: true });
    const words = [g.trace!.id, g.trace_low!.id, "trace"].flatMap((word) => [
      word,
      word.replaceAll("-", ""),
    ]);
    const tables = await t.rows<{ name: string }>(
      `select format('%I.%I', n.nspname, c.relname) as name from pg_class c
       join pg_namespace n on n.oid = c.relnamespace
       where c.relkind in ('r', 'm', 'p') and n.nspname not in ('pg_catalog', 'information_schema')`,
    );
    const found: string[] = [];
    for (const { name } of tables) {
      const rows = await t.rows<{ row: Record<string, string | null> }>(
        `select to_jsonb(r) as row from ${name} as r
         where exists (select from unnest($1::text[]) as word
                       where r::text like '%' || word || '%'
                          or r::text like '%' || encode(word::bytea, 'hex') || '%')`,
        [words],
      );
      for (const { row } of rows) found.push(describeRow(name, row));
    }
    expect(found.sort()).toEqual(
      [
        `stratum.audit_logs: tenant.purged of platform`,
        `stratum.audit_logs: tenant.purging of platform`,
        // Bare ids, in records of a tenant that is still there.
        `stratum.audit_logs: tenant.created of ${g.moved!.id}`,
        `stratum.audit_logs: tenant.moved of ${g.moved!.id}`,
        `stratum.purge_certificates: ${id}`,
        `stratum.purged_tenants: ${g.trace!.id}`,
        `stratum.purged_tenants: ${g.trace_low!.id}`,
        `stratum.webhook_events: tenant.purged of ${g.trace!.id}`,
        `stratum.webhook_events: tenant.created of ${g.moved!.id}`,
        `stratum.webhook_events: tenant.moved of ${g.moved!.id}`,
      ].sort(),
    );
    const named = await t.rows(
      `select from stratum.audit_logs as a, stratum.webhook_events as e
       where (a::text like '%trace%') or (e::text like '%trace%')`,
    );
    expect(named).toEqual([]);
  });

  function describeRow(table: string, row: Record<string, string | null | undefined>): string {
    const what = row.action ?? row.type ?? null;
    if (what !== null) return `${table}: ${what} of ${row.tenant_id ?? "platform"}`;
    return `${table}: ${row.id ?? row.tenant_id}`;
  }

  it("leaves ciphertexts that nobody reads, where one is put back from a backup", async () => {
    const g = await t.grow(["k", ["k1"]]);
    await t.stratum.setConfig(g.k1!.id, "hidden", { value: "hush", sensitive: true });
    await t.stratum.resolveConfig(g.k1!.id);
    const kept: [string, string, unknown[]][] = [];
    for (const [table, column] of [
      ["tenants", "id"],
      ["config_entries", "tenant_id"],
    ] as const) {
      const rows = await t.rows<{ row: unknown }>(
        `select to_jsonb(r) - 'depth' - 'root_id' as row from stratum.${table} as r
         where ${column} = $1`,
        [g.k1!.id],
      );
      kept.push([table, column, rows.map(({ row }) => row)]);
    }
    await t.stratum.purgeTenant(g.k1!.id);
    for (const [table, , [row]] of kept) {
      const columns = Object.keys(row as object).join();
      await t.rows(
        `insert into stratum.${table} (${columns})
         select ${columns} from jsonb_populate_record(null::stratum.${table}, $1)`,
        [JSON.stringify(row)],
      );
    }
    const fresh = new Stratum({ pool: t.pool, cacheSize: 0 });
    for (const stratum of [t.stratum, fresh]) {
      const { hidden } = await stratum.resolveConfig(g.k1!.id, { consistency: "strong" });
      expect(hidden).toMatchObject({ value: null, error: "DECRYPTION_FAILED" });
    }
    await fresh.close();
  });

  it("shuts the tenants at once, and gives them to nobody while it is unfinished", async () => {
    const g = await t.grow(["c", ["c1", ["c2"]]]);
    const key = await t.stratum.createApiKey(g.c2!.id);
    await t.stratum.validateApiKey(key.plaintext_key);
    await t.stratum.resolveConfig(g.c2!.id);
    const seen: Record<string, string> = {};
    // The first thing that is deleted fails, so that the purge stays as it began.
    await t.rows(`create function public.refuse() returns trigger language plpgsql as
      $$ begin raise exception 'not now'; end $$`);
    await t.rows(`create trigger refuse before delete on stratum.tenants
      for each row execute function public.refuse()`);
    expect(await codeOf(t.stratum.purgeTenant(g.c1!.id, { subtree: true }))).toBe("DATABASE_ERROR");
    const { data } = await t.stratum.listOperations({ tenant_id: g.c!.id });
    expect(data).toMatchObject([{ state: "failed", error: { code: "DATABASE_ERROR" } }]);
    const { stratum } = t;
    const calls: Record<string, () => Promise<unknown>> = {
      key: () => stratum.validateApiKey(key.plaintext_key),
      create: () => stratum.createTenant({ name: "x", parent_id: g.c2!.id }),
      set: () => stratum.setConfig(g.c2!.id, "k", { value: 1 }),
      usage: () => stratum.recordUsage(g.c2!.id, { metric: "m" }),
      resume: () => stratum.resumeTenant(g.c1!.id),
      suspend: () => stratum.suspendTenant(g.c1!.id),
      move: () => stratum.moveTenant(g.c1!.id, null),
      "move under": async () =>
        stratum.moveTenant((await stratum.createTenant({ name: "y" })).id, g.c1!.id),
      update: () => stratum.updateTenant(g.c2!.id, { legal_hold: true }),
      enter: () => stratum.runInTenant(g.c2!.id, () => 1),
    };
    for (const [name, call] of Object.entries(calls)) seen[name] = await codeOf(call());
    expect(seen).toEqual(
      Object.fromEntries(Object.keys(calls).map((name) => [name, "INVALID_TENANT_STATE"])),
    );
    for (const tenant of [g.c!, g.c1!, g.c2!]) {
      const again = t.stratum.purgeTenant(tenant.id, { subtree: true });
      await expect(again).rejects.toMatchObject({
        ...{ code: "OPERATION_IN_PROGRESS", details: { operation_id: data[0]!.id } },
      });
    }
    expect(await codeOf(t.stratum.getPurgeCertificate(data[0]!.id))).toBe(
      "PURGE_CERTIFICATE_NOT_FOUND",
    );
    expect(await codeOf(t.stratum.cancelOperation(data[0]!.id))).toBe("INVALID_OPERATION_STATE");
    await t.rows("drop trigger refuse on stratum.tenants");
    // What a rotation adds meanwhile goes too, and is listed.
    const [added] = await t.rows<{ id: string }>(
      `insert into stratum.tenant_keys (id, tenant_id, version, master_key_id, wrapped)
       values (gen_random_uuid(), $1, 9, 'm', 'w') returning id`,
      [g.c2!.id],
    );
    expect(await t.stratum.resumeOperation(data[0]!.id)).toMatchObject({ state: "succeeded" });
    expect(await t.stratum.getPurgeCertificate(g.c2!.id)).toMatchObject({
      ...{ tenants: 2, key_ids: [added!.id], deleted: { tenant_keys: 1 } },
    });
    expect(await t.stratum.validateApiKey(key.plaintext_key)).toBeNull();
    expect(await exists(g.c!)).toBe(true);
  });

  it("is refused where there are children of any status, or no such tenant", async () => {
    const g = await t.grow(["d", ["d1"]]);
    await t.stratum.archiveTenant(g.d1!.id);
    await expect(t.stratum.purgeTenant(g.d!.id)).rejects.toMatchObject({
      code: "TENANT_HAS_CHILDREN",
      message: expect.stringContaining("it has children") as string,
    });
    expect(await codeOf(t.stratum.purgeTenant(UNKNOWN))).toBe("TENANT_NOT_FOUND");
    expect(await t.stratum.purgeTenant(g.d!.id, { subtree: true })).toMatchObject({ tenants: 2 });
    expect(await codeOf(t.stratum.purgeTenant(g.d!.id))).toBe("TENANT_NOT_FOUND");
  });

  it("takes a scope, and is for the level above", async () => {
    const g = await t.grow(["e", ["e1", ["e2", ["e3"]]], ["e4"]]);
    const purge = (actor: Actor, tenant: Tenant) =>
      runAs(actor, () => codeOf(t.stratum.purgeTenant(tenant.id, { subtree: true })));
    expect(await purge(bound(g.e1!, "write"), g.e2!)).toBe("FORBIDDEN");
    expect(await purge({ actor_id: "a", actor_type: "jwt", scopes: [] }, g.e2!)).toBe("FORBIDDEN");
    // The facade holds nobody to scopes that were not told.
    expect(await purge({ actor_id: "a", actor_type: "jwt" }, g.e2!)).toBe("FORBIDDEN");
    expect(await purge(bound(g.e1!, "gdpr:purge"), g.e1!)).toBe("FORBIDDEN");
    expect(await purge(bound(g.e1!, "gdpr:purge"), g.e4!)).toBe("TENANT_NOT_FOUND");
    expect(await purge(bound(g.e1!, "gdpr:purge"), g.e!)).toBe("TENANT_NOT_FOUND");
    expect(await exists(g.e2!)).toBe(true);
    expect(await purge(bound(g.e1!, "gdpr:purge"), g.e2!)).toBe("ok");
    const { id } = await t.stratum.getPurgeCertificate(g.e3!.id);
    // Who was above finds it, by its own log too; nobody else does.
    await runAs(bound(g.e1!, "read"), async () => {
      const [entry] = await t.stratum.queryAuditLogs({ action: "tenant.purged" });
      expect(entry).toMatchObject({
        ...{ tenant_id: g.e1!.id, resource_type: "purge_certificate", resource_id: id },
        after_state: { certificate_id: id, subtree: true, tenants: 2 },
      });
      expect(await t.stratum.getPurgeCertificate(id)).toMatchObject({ tenant_id: g.e2!.id });
      expect(await t.stratum.getOperation(id)).toMatchObject({ tenant_id: g.e1!.id });
    });
    const foreign = runAs(bound(g.e4!, "read"), () => t.stratum.getPurgeCertificate(id));
    expect(await codeOf(foreign)).toBe("PURGE_CERTIFICATE_NOT_FOUND");
    expect(await codeOf(t.stratum.getPurgeCertificate(UNKNOWN))).toBe(
      "PURGE_CERTIFICATE_NOT_FOUND",
    );
    await t.stratum.purgeTenant(g.e1!.id);
    expect(await t.stratum.getPurgeCertificate(id)).toMatchObject({ tenant_id: g.e2!.id });
  });

  it("goes through in steps however many rows and tenants there are", async () => {
    const g = await t.grow(["f", ["f1"]]);
    await t.rows(
      `insert into stratum.usage_events (id, tenant_id, metric)
       select gen_random_uuid(), $1, 'm' from generate_series(1, 4500)`,
      [g.f1!.id],
    );
    const items = Array.from({ length: 250 }, (_, n) => ({ name: `f1_${n}`, parent_id: g.f1!.id }));
    await t.stratum.batchCreateTenants(items);
    const certificate = await t.stratum.purgeTenant(g.f1!.id, { subtree: true });
    expect(certificate).toMatchObject({ tenants: 251, deleted: { usage_events: 4500 } });
    expect(certificate.deleted.tenants).toBe(251);
    const [left] = await t.rows(
      "select count(*)::int as n from stratum.tenants where purge_id is not null",
    );
    expect(left).toEqual({ n: 0 });
  });

  it("is refused before anything is lost, where the login may not take audit rows away", async () => {
    const { h } = await t.grow(["h"]);
    const login = `purger_${process.pid}_${Date.now()}`;
    await t.rows(`create role ${login} login password 'x'`);
    await t.rows(`grant usage on schema stratum to ${login}`);
    await t.rows(
      `grant select, insert, update, delete on all tables in schema stratum to ${login}`,
    );
    const url = new URL(t.database.url);
    [url.username, url.password] = [login, "x"];
    const pool = t.database.newPool({ connectionString: url.toString(), max: 1 });
    const stratum = new Stratum({ pool, autoMigrate: false });
    expect(await codeOf(stratum.purgeTenant(h!.id))).toBe("MAINTENANCE_ROLE_MISSING");
    expect(await stratum.getTenant(h!.id)).toMatchObject({ status: "active" });
    await t.rows(`grant stratum_maintenance to ${login}`);
    expect(await codeOf(stratum.purgeTenant(h!.id))).toBe("ok");
    await stratum.close();
    await pool.end();
    await t.rows(`drop owned by ${login}`);
    await t.rows(`drop role ${login}`);
  });
});
