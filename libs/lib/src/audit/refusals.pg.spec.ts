import {
  runAs,
  REFUSALS_PER_SOURCE,
  Stratum,
  type Actor,
  type AuditEntry,
  type Tenant,
} from "@stratum-hq/lib";
import type { Pool } from "pg";
import { codeOf, useStratum } from "../../../../test/support/use-stratum";

const UNKNOWN = "00000000-0000-7000-8000-000000000000";

describe("what was refused", () => {
  // One connection: a record that the answer waited for, or that waited for the answer, would hang.
  const t = useStratum({ max: 1 });

  const pools = new Map<Stratum, Pool>();

  /** One over a pool of its own, which is ended as soon as it is closed. */
  function another(): Stratum {
    const pool = t.database.newPool({ max: 1 });
    const stratum = new Stratum({ pool });
    pools.set(stratum, pool);
    return stratum;
  }

  /** What stands in the log of it, once it is written: this Stratum is closed for that. */
  async function refusals(stratum: Stratum, since: string): Promise<AuditEntry[]> {
    await stratum.close();
    await pools.get(stratum)?.end();
    const all = await t.stratum.queryAuditLogs({ limit: 1000 });
    return all.filter(({ action, id }) => action.startsWith("access.") && id > since).reverse();
  }

  async function latestId(): Promise<string> {
    const [entry] = await t.stratum.queryAuditLogs({ limit: 1 });
    return entry?.id ?? UNKNOWN;
  }

  function boundTo({ id }: Tenant, ...scopes: string[]): Actor {
    return {
      actor_id: "mallory",
      actor_type: "jwt",
      tenant_id: id,
      scopes,
      source_ip: "203.0.113.9",
      request_id: "r-9",
    };
  }

  /** An error as its caller sees it. */
  async function seen(call: Promise<unknown>): Promise<unknown> {
    return call.then(
      (value) => ({ value }),
      (error: Error & { code: string; details: object }) => ({
        keys: Reflect.ownKeys(error).sort(),
        name: error.name,
        code: error.code,
        message: error.message,
        details: error.details,
      }),
    );
  }

  it("of probes of foreign ids stands in the platform's log, and differs in no answer", async () => {
    const g = await t.grow(["p", ["p1"], ["p2"]]);
    const key = await t.stratum.createApiKey(g.p2!.id);
    const role = await t.stratum.createRole({ name: "r", scopes: ["read"], tenant_id: g.p2!.id });
    const [entry] = await t.stratum.queryAuditLogs({ tenant_id: g.p2!.id });
    const since = await latestId();
    const stratum = another();
    const calls: [string, string, (id: string) => Promise<unknown>][] = [
      ["getTenant", g.p2!.id, (id) => stratum.getTenant(id)],
      ["resolveConfig", g.p2!.id, (id) => stratum.resolveConfig(id)],
      ["updateTenant", g.p2!.id, (id) => stratum.updateTenant(id, { name: "x" })],
      ["createTenant", g.p2!.id, (id) => stratum.createTenant({ name: "x", parent_id: id })],
      ["recordUsage", g.p2!.id, (id) => stratum.recordUsage(id, { metric: "m" })],
      ["runInTenant", g.p2!.id, (id) => stratum.runInTenant(id, () => 1)],
      ["getApiKey", key.id, (id) => stratum.getApiKey(id)],
      ["revokeApiKey", key.id, (id) => stratum.revokeApiKey(id)],
      ["rotateApiKey", key.id, (id) => stratum.rotateApiKey(id)],
      ["getRole", role.id, (id) => stratum.getRole(id)],
      ["assignRole", role.id, (id) => stratum.assignRole("user", "u", id, g.p1!.id)],
      ["getAuditEntry", entry!.id, (id) => stratum.getAuditEntry(id)],
    ];
    for (const [operation, id, call] of calls) {
      // Each by somebody else: of one, not all would be recorded.
      const actor = { ...boundTo(g.p1!, "admin"), actor_id: operation };
      const ask = async (wanted: string) => seen(runAs(actor, () => call(wanted)));
      const [foreign, unknown] = [await ask(id), await ask(UNKNOWN)];
      expect(JSON.parse(JSON.stringify(foreign).replaceAll(id, UNKNOWN))).toEqual(
        JSON.parse(JSON.stringify(unknown)),
      );
    }
    const recorded = await refusals(stratum, since);
    expect(recorded.map(({ resource_id, metadata }) => [metadata.operation, resource_id])).toEqual(
      calls.map(([operation, id]) => [operation, id]),
    );
    expect(recorded[0]).toMatchObject({
      action: "access.probed",
      actor_id: "getTenant",
      actor_type: "jwt",
      source_ip: "203.0.113.9",
      request_id: "r-9",
      resource_type: "tenant",
      tenant_id: null,
      metadata: { actor_tenant_id: g.p1!.id },
    });
    // Neither side finds it: not the one that asked, nor the one that was asked for.
    for (const tenant of [g.p!, g.p1!, g.p2!]) {
      const own = await t.stratum.queryAuditLogs({
        tenant_id: tenant.id,
        include_descendants: true,
        limit: 1000,
      });
      expect(own.filter(({ action }) => action === "access.probed")).toEqual([]);
    }
  });

  it("of ancestors asked for by those below is a probe too, of what is one's own none", async () => {
    const g = await t.grow(["q", ["q1", ["q2"]]]);
    const since = await latestId();
    const stratum = another();
    const audit = { actor_id: "named", actor_type: "jwt" } as const;
    await runAs(boundTo(g.q1!, "admin"), async () => {
      await stratum.getTenant(g.q2!.id);
      await stratum.getAncestors(g.q2!.id);
      await stratum.setConfig(g.q2!.id, "k", { value: 1 });
      expect(await codeOf(stratum.setConfig(g.q!.id, "k", { value: 1 }, audit))).toBe(
        "TENANT_NOT_FOUND",
      );
    });
    // The platform sees all there is.
    expect(await codeOf(stratum.getTenant(UNKNOWN))).toBe("TENANT_NOT_FOUND");
    const recorded = await refusals(stratum, since);
    expect(recorded.map(({ resource_id }) => resource_id)).toEqual([g.q!.id]);
  });

  it("of escalations stands in the log of the actor's own tenant, once", async () => {
    const g = await t.grow(["e", ["e1"]]);
    const since = await latestId();
    const stratum = another();
    await runAs(boundTo(g.e1!, "keys:write", "roles:write", "config:write"), async () => {
      const options = { scopes: ["gdpr:purge"] };
      expect(await codeOf(stratum.createApiKey(g.e1!.id, options))).toBe("SCOPE_ESCALATION");
      const role = { name: "x", scopes: ["tenants:write"], tenant_id: g.e1!.id };
      const inside = stratum.runInTenant(g.e1!.id, () => stratum.createRole(role));
      expect(await codeOf(inside)).toBe("SCOPE_ESCALATION");
      const limits = stratum.setConfig(g.e1!.id, "stratum.max_descendants", { value: 9 });
      expect(await codeOf(limits)).toBe("CONFIG_KEY_RESERVED");
      expect(await codeOf(stratum.createTenant({ name: "root" }))).toBe("FORBIDDEN");
      // Not all that is refused is an attempt at more than one's own.
      expect(await codeOf(stratum.deleteConfig(g.e1!.id, "none"))).toBe("CONFIG_NOT_FOUND");
    });
    const recorded = await refusals(stratum, since);
    expect(
      recorded.map(({ action, resource_id, metadata }) => [action, resource_id, metadata]),
    ).toEqual([
      [
        "access.escalation_refused",
        "createApiKey",
        { code: "SCOPE_ESCALATION", missing: ["gdpr:purge"] },
      ],
      [
        "access.escalation_refused",
        "createRole",
        { code: "SCOPE_ESCALATION", missing: ["tenants:write"] },
      ],
      ["access.escalation_refused", "setConfig", { code: "CONFIG_KEY_RESERVED" }],
      ["access.denied", "createTenant", { code: "FORBIDDEN", missing: ["tenants:write"] }],
    ]);
    for (const { tenant_id, actor_id } of recorded) {
      expect([tenant_id, actor_id]).toEqual([g.e1!.id, "mallory"]);
    }
  });

  it("of keys stands in the log of the key's tenant, and of no key in the platform's", async () => {
    const g = await t.grow(["k", ["k1"]]);
    const revoked = await t.stratum.createApiKey(g.k1!.id);
    await t.stratum.revokeApiKey(revoked.id);
    const expiring = await t.stratum.createApiKey(g.k1!.id, "e", new Date(Date.now() + 250));
    const shut = await t.stratum.createApiKey(g.k1!.id);
    const good = await t.stratum.createApiKey(g.k!.id);
    await new Promise((done) => setTimeout(done, 300));
    await t.stratum.suspendTenant(g.k1!.id);
    const nobodys = `sk_live_${"x".repeat(43)}`;
    const since = await latestId();
    const stratum = another();
    expect(await stratum.validateApiKey(good.plaintext_key)).not.toBeNull();
    for (const key of [revoked.plaintext_key, expiring.plaintext_key, nobodys, "hunter2"]) {
      expect(await stratum.validateApiKey(key)).toBeNull();
    }
    expect(await codeOf(stratum.validateApiKey(shut.plaintext_key))).toBe("TENANT_SUSPENDED");
    const recorded = await refusals(stratum, since);
    expect(
      recorded.map(({ actor_id, resource_id, tenant_id, metadata }) => [
        actor_id,
        resource_id,
        tenant_id,
        metadata.reason,
      ]),
    ).toEqual([
      [revoked.id, revoked.id, g.k1!.id, "revoked"],
      [expiring.id, expiring.id, g.k1!.id, "expired"],
      ["anonymous", null, null, "unknown"],
      ["anonymous", null, null, "malformed"],
      [shut.id, shut.id, g.k1!.id, "suspended"],
    ]);
    expect(recorded[2]!.metadata.fingerprint).toMatch(/^[0-9a-f]{12}$/);
    const text = JSON.stringify(recorded);
    for (const secret of [revoked, expiring, shut].map((key) => key.plaintext_key)) {
      expect(text).not.toContain(secret.slice(8));
    }
    expect(text).not.toContain("hunter2");
  });

  it("is recorded so often and no more; the rest is counted, and told when it closes", async () => {
    const g = await t.grow(["l", ["l1"], ["l2"]]);
    const since = await latestId();
    const stratum = another();
    const probes = async (who: Actor, times: number) =>
      runAs(who, async () => {
        for (let n = 0; n < times; n += 1) await codeOf(stratum.getTenant(g.l!.id));
      });
    await probes(boundTo(g.l1!), REFUSALS_PER_SOURCE + 25);
    await probes(boundTo(g.l2!), 1);
    const recorded = await refusals(stratum, since);
    expect(recorded).toHaveLength(REFUSALS_PER_SOURCE + 2);
    expect(recorded.at(-1)).toMatchObject({
      action: "access.refusals_suppressed",
      tenant_id: null,
      metadata: { suppressed: 25 },
    });
  });

  it("is written to the last when it closes", async () => {
    const since = await latestId();
    const stratum = another();
    await stratum.initialize();
    await Promise.all(Array.from({ length: 8 }, () => stratum.validateApiKey("malformed")));
    expect(await refusals(stratum, since)).toHaveLength(8);
  });

  it("is answered as ever while it cannot be recorded", async () => {
    const g = await t.grow(["f", ["f1"]]);
    const stratum = new Stratum({ pool: t.pool });
    await t.pool.query(
      `alter table stratum.audit_logs add constraint no_refusals check (action not like 'access.%') not valid`,
    );
    try {
      await runAs({ ...boundTo(g.f1!), scopes: ["tenants:read"] }, async () => {
        expect(await codeOf(stratum.getTenant(g.f!.id))).toBe("TENANT_NOT_FOUND");
      });
      expect(await stratum.validateApiKey("nonsense")).toBeNull();
      await stratum.close();
    } finally {
      await t.pool.query("alter table stratum.audit_logs drop constraint no_refusals");
    }
  });

  it("keeps nobody waiting for a pool that has no connection left", async () => {
    const { w } = await t.grow(["w"]);
    const stratum = new Stratum({ pool: t.pool });
    await stratum.initialize();
    await stratum.validateApiKey(`sk_live_${"w".repeat(43)}`);
    const client = await t.pool.connect();
    const answer = stratum.validateApiKey("malformed");
    expect(await answer).toBeNull();
    client.release();
    await stratum.close();
    expect((await t.stratum.getTenant(w!.id)).id).toBe(w!.id);
  });
});
