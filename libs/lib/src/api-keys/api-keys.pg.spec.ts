import { runAs, Stratum, type Tenant, type ApiKey, type Page } from "@stratum-hq/lib";
import { Pool } from "pg";
import { codeOf, useStratum } from "../../../../test/support/use-stratum";

const UNKNOWN = "00000000-0000-7000-8000-000000000000";

describe("API keys", () => {
  const t = useStratum();

  async function eventually(check: () => Promise<boolean>): Promise<void> {
    for (let waited = 0; !(await check()); waited += 20) {
      if (waited > 10_000) throw new Error("never came true");
      await new Promise((done) => setTimeout(done, 20));
    }
  }

  it("are shown once, and kept as a hash alone", async () => {
    const { a } = await t.grow(["a"]);
    const created = await t.stratum.createApiKey(a!.id, "first");
    expect(created.plaintext_key).toMatch(/^sk_live_[A-Za-z0-9_-]{43}$/);
    expect(created).toMatchObject({
      tenant_id: a!.id,
      name: "first",
      key_prefix: "sk_live_",
      key_hint: created.plaintext_key.slice(-4),
      scopes: ["read"],
      role_id: null,
      expires_at: null,
      last_used_at: null,
      revoked_at: null,
    });
    const { plaintext_key, ...kept } = created;
    expect(await t.stratum.getApiKey(created.id)).toEqual(kept);
    expect(await t.stratum.listApiKeys(a!.id)).toEqual([kept]);
    const secret = plaintext_key.slice("sk_live_".length);
    for (const table of ["api_keys", "audit_logs", "webhook_events", "platform_secrets"]) {
      const found = await t.rows(
        `select from stratum.${table} as r where r::text like '%' || $1 || '%'`,
        [secret],
      );
      expect([table, found.length]).toEqual([table, 0]);
    }
  });

  it("take a name and an end, or options in either spelling", async () => {
    const { b } = await t.grow(["b"]);
    const end = new Date("2031-01-01T00:00:00Z");
    const named = await t.stratum.createApiKey(b!.id, "n", end);
    expect(named).toMatchObject({ name: "n", expires_at: "2031-01-01T00:00:00.000Z" });
    const options = {
      name: "o",
      scopes: ["config:write"],
      rateLimitMax: 5,
      rateLimitWindow: "1 minute",
    };
    const created = await t.stratum.createApiKey(b!.id, { ...options, expiresAt: end });
    expect(await t.stratum.validateApiKey(created.plaintext_key)).toEqual({
      tenant_id: b!.id,
      key_id: created.id,
      scopes: ["config:write"],
      rate_limit_max: 5,
      rate_limit_window: 60_000,
    });
    expect(await codeOf(t.stratum.createApiKey(UNKNOWN))).toBe("TENANT_NOT_FOUND");
    expect(await codeOf(t.stratum.createApiKey(b!.id, { scopes: ["config:wirte"] }))).toBe(
      "VALIDATION_ERROR",
    );
  });

  it("validate with their bundles expanded; anything else is null", async () => {
    const { c } = await t.grow(["c"]);
    const { plaintext_key } = await t.stratum.createApiKey(c!.id, { scopes: ["read"] });
    const validated = await t.stratum.validateApiKey(plaintext_key);
    expect(validated?.scopes).toEqual(expect.arrayContaining(["read", "config:read"]));
    expect(validated?.scopes).not.toContain("ancestors:read");
    expect(await t.stratum.validateApiKey(plaintext_key)).toBe(validated);
    const other = plaintext_key.slice(0, -1) + (plaintext_key.endsWith("A") ? "B" : "A");
    for (const key of ["", "x", "sk_live_", other, `${plaintext_key} `, "x".repeat(100_000)]) {
      expect(await t.stratum.validateApiKey(key)).toBeNull();
    }
    expect(await codeOf(t.stratum.validateApiKey(7 as never))).toBe("VALIDATION_ERROR");
  });

  it("end when they are revoked, once", async () => {
    const { d } = await t.grow(["d"]);
    const { id, plaintext_key } = await t.stratum.createApiKey(d!.id);
    await t.stratum.validateApiKey(plaintext_key);
    expect(await t.stratum.revokeApiKey(id)).toBe(true);
    expect(await t.stratum.validateApiKey(plaintext_key)).toBeNull();
    expect(await t.stratum.revokeApiKey(id)).toBe(false);
    expect(await t.stratum.revokeApiKey(UNKNOWN)).toBe(false);
    expect(await codeOf(t.stratum.rotateApiKey(id))).toBe("API_KEY_NOT_ACTIVE");
    expect(await codeOf(t.stratum.rotateApiKey(UNKNOWN))).toBe("API_KEY_NOT_FOUND");
  });

  it("end when their time comes, also where they are cached", async () => {
    const { e } = await t.grow(["e"]);
    const soon = new Date(Date.now() + 4000);
    const { id, plaintext_key } = await t.stratum.createApiKey(e!.id, "short", soon);
    expect(await t.stratum.validateApiKey(plaintext_key)).not.toBeNull();
    await eventually(async () => (await t.stratum.validateApiKey(plaintext_key)) === null);
    expect(Date.now()).toBeGreaterThanOrEqual(soon.getTime());
    await expect(t.stratum.rotateApiKey(id)).rejects.toMatchObject({
      details: { state: "expired" },
    });
  });

  it("of a tenant that is shut, or below one, are refused until it opens again", async () => {
    const g = await t.grow(["f", ["f1", ["f2"]]]);
    const { plaintext_key: key } = await t.stratum.createApiKey(g.f2!.id);
    const state = () => codeOf(t.stratum.validateApiKey(key));
    expect(await state()).toBe("ok");
    await t.stratum.suspendTenant(g.f!.id, { subtree: true });
    await expect(t.stratum.validateApiKey(key)).rejects.toMatchObject({
      code: "TENANT_SUSPENDED",
      details: { tenant_id: g.f2!.id },
    });
    expect(await codeOf(t.stratum.createApiKey(g.f2!.id))).toBe("TENANT_SUSPENDED");
    await t.stratum.resumeTenant(g.f!.id, { subtree: true });
    expect(await state()).toBe("ok");
    await t.stratum.archiveTenant(g.f1!.id, { subtree: true });
    expect(await state()).toBe("TENANT_ARCHIVED");
    await t.stratum.resumeTenant(g.f1!.id, { subtree: true });
    for (const status of ["purging", "provisioning"]) {
      await t.rows("update stratum.tenants set status = $2 where id = $1", [g.f1!.id, status]);
      const strong = t.stratum.validateApiKey(key, { consistency: "strong" });
      expect(await codeOf(strong)).toBe("INVALID_TENANT_STATE");
    }
  });

  it("of a shut tenant can still be revoked, and a subtree's all at once", async () => {
    const g = await t.grow(["g", ["g1"], ["g2"]]);
    const keys = await Promise.all(
      [g.g!, g.g1!, g.g1!, g.g2!].map(({ id }) => t.stratum.createApiKey(id)),
    );
    await t.stratum.suspendTenant(g.g1!.id);
    expect(await t.stratum.revokeApiKey(keys[1]!.id)).toBe(true);
    expect(await t.stratum.revokeApiKeys(g.g!.id)).toBe(1);
    expect(await t.stratum.revokeApiKeys(g.g!.id, { subtree: true })).toBe(2);
    expect(await t.stratum.revokeApiKeys(g.g!.id, { subtree: true })).toBe(0);
    for (const { plaintext_key } of keys) {
      expect(await t.stratum.validateApiKey(plaintext_key)).toBeNull();
    }
    for (const { id } of [g.g1!, g.g2!]) {
      const [entry] = await t.stratum.queryAuditLogs({ tenant_id: id, action: "api_key.revoked" });
      expect(entry).toMatchObject({ resource_type: "api_key", resource_id: null });
    }
  });

  describe("rotateApiKey", () => {
    it("keeps tenant, name, scopes, role, limits and expiry, and ends the old key", async () => {
      const { h } = await t.grow(["h"]);
      const role = await t.stratum.createRole({
        name: "r",
        scopes: ["audit:read"],
        tenant_id: h!.id,
      });
      const terms = {
        name: "keep",
        scopes: ["config:read", "usage:write"],
        role_id: role.id,
        rate_limit_max: 9,
        rate_limit_window: 1000,
        expires_at: "2032-01-01T00:00:00.000Z",
      };
      const old = await t.stratum.createApiKey(h!.id, terms);
      const rotated = await t.stratum.rotateApiKey(old.id);
      expect(rotated).toMatchObject({ ...terms, tenant_id: h!.id, revoked_at: null });
      expect(rotated.id).not.toBe(old.id);
      expect(await t.stratum.validateApiKey(old.plaintext_key)).toBeNull();
      expect(await t.stratum.validateApiKey(rotated.plaintext_key)).toMatchObject({
        scopes: ["audit:read"],
        rate_limit_max: 9,
      });
      expect(await t.stratum.getApiKey(old.id)).toMatchObject({ replaced_by: rotated.id });
      const renamed = await t.stratum.rotateApiKey(rotated.id, "new name");
      expect(renamed).toMatchObject({ ...terms, name: "new name" });
    });

    it("lets both work for as long as is asked, and no longer than the old one would have", async () => {
      const { i } = await t.grow(["i"]);
      const old = await t.stratum.createApiKey(i!.id);
      const rotated = await t.stratum.rotateApiKey(old.id, { overlap_ms: 4000 });
      expect(await t.stratum.validateApiKey(rotated.plaintext_key)).not.toBeNull();
      expect(await t.stratum.validateApiKey(old.plaintext_key)).not.toBeNull();
      await expect(t.stratum.rotateApiKey(old.id)).rejects.toMatchObject({
        code: "API_KEY_NOT_ACTIVE",
        details: { state: "rotated" },
      });
      await eventually(async () => (await t.stratum.validateApiKey(old.plaintext_key)) === null);
      const end = new Date(Date.now() + 60_000);
      const ending = await t.stratum.createApiKey(i!.id, "ending", end);
      await t.stratum.rotateApiKey(ending.id, { overlap_ms: 3_600_000 });
      expect((await t.stratum.getApiKey(ending.id))?.expires_at).toBe(end.toISOString());
    });

    it("of one key, twice at once, leaves one successor", async () => {
      const { j } = await t.grow(["j"]);
      const other = new Stratum({ pool: t.database.newPool({ max: 4 }) });
      for (let round = 0; round < 20; round += 1) {
        const { id } = await t.stratum.createApiKey(j!.id);
        const codes = await Promise.all(
          [t.stratum, other].map((stratum) =>
            codeOf(stratum.rotateApiKey(id, { overlap_ms: 60_000 })),
          ),
        );
        expect(codes.sort()).toEqual(["API_KEY_NOT_ACTIVE", "ok"]);
      }
      await other.close();
    });
  });

  describe("last_used_at", () => {
    it("advances behind the caller's back, and not at every use", async () => {
      const { k } = await t.grow(["k"]);
      const { id, plaintext_key } = await t.stratum.createApiKey(k!.id);
      const usedAt = async () => (await t.stratum.getApiKey(id))?.last_used_at ?? null;
      for (let n = 0; n < 50; n += 1) await t.stratum.validateApiKey(plaintext_key);
      await eventually(async () => (await usedAt()) !== null);
      const first = await usedAt();
      const other = new Stratum({ pool: t.pool });
      await other.validateApiKey(plaintext_key);
      await other.close();
      expect(await usedAt()).toBe(first);
      await t.rows(
        "update stratum.api_keys set last_used_at = now() - interval '61 s' where id = $1",
        [id],
      );
      const later = new Stratum({ pool: t.pool });
      await later.validateApiKey(plaintext_key);
      await later.close();
      expect(Date.parse((await usedAt())!)).toBeGreaterThanOrEqual(Date.parse(first!));
    });

    it("advances under a plain role, and failing to does not fail the validation", async () => {
      const { l } = await t.grow(["l"]);
      const login = `plain_${process.pid}_${Date.now()}`;
      const { id, plaintext_key } = await t.stratum.createApiKey(l!.id);
      await t.rows(`create role ${login} login password 'x'`);
      await t.rows(`grant usage on schema stratum to ${login}`);
      await t.rows(`grant select on all tables in schema stratum to ${login}`);
      const url = new URL(t.database.url);
      [url.username, url.password] = [login, "x"];
      const validate = async () => {
        const pool = new Pool({ connectionString: url.toString(), max: 2 });
        const stratum = new Stratum({ pool, autoMigrate: false });
        const validated = await stratum.validateApiKey(plaintext_key);
        await stratum.close();
        await pool.end();
        return [validated?.key_id, (await t.stratum.getApiKey(id))?.last_used_at !== null];
      };
      expect(await validate()).toEqual([id, false]);
      await t.rows(`grant update on stratum.api_keys to ${login}`);
      expect(await validate()).toEqual([id, true]);
      await t.rows(`drop owned by ${login}`);
      await t.rows(`drop role ${login}`);
    });

    it("tells which keys are dormant", async () => {
      const g = await t.grow(["m", ["m1"]]);
      const [fresh, made, used, revoked] = await Promise.all(
        ["fresh", "made", "used", "revoked"].map((name) => t.stratum.createApiKey(g.m1!.id, name)),
      );
      const age = (column: string, id: string) =>
        t.rows(`update stratum.api_keys set ${column} = now() - interval '91 days' where id = $1`, [
          id,
        ]);
      for (const key of [made, used, revoked]) await age("created_at", key!.id);
      await age("last_used_at", used!.id);
      await t.stratum.revokeApiKey(revoked!.id);
      const actor = { actor_id: "a", actor_type: "jwt", tenant_id: g.m!.id } as const;
      const dormant = await runAs(actor, () => t.stratum.listDormantKeys());
      expect(dormant.map(({ name }) => name).sort()).toEqual(["made", "used"]);
      expect(await runAs(actor, () => t.stratum.listDormantKeys(92))).toEqual([]);
      await t.stratum.validateApiKey(fresh!.plaintext_key);
    });
  });

  it("are listed in pages, oldest first", async () => {
    const { n } = await t.grow(["n"]);
    const made: string[] = [];
    for (let count = 0; count < 5; count += 1) made.push((await t.stratum.createApiKey(n!.id)).id);
    const seen: string[] = [];
    let cursor: string | null = null;
    do {
      const page: Page<ApiKey> = await t.stratum.listApiKeys(n!.id, { limit: 2, cursor });
      expect(page.has_more).toBe(page.next_cursor !== null);
      seen.push(...page.data.map(({ id }) => id));
      cursor = page.next_cursor;
    } while (cursor !== null);
    expect(seen).toEqual(made);
    expect((await t.stratum.listApiKeys(n!.id)).map(({ id }) => id)).toEqual(made);
    expect(await codeOf(t.stratum.listApiKeys(n!.id, { cursor: "x" }))).toBe("VALIDATION_ERROR");
    expect(await codeOf(t.stratum.listApiKeys(UNKNOWN))).toBe("TENANT_NOT_FOUND");
  });

  it("two hundred at once on a pool of four all get their answer", async () => {
    const { o } = await t.grow(["o"]);
    const keys = await Promise.all(Array.from({ length: 10 }, () => t.stratum.createApiKey(o!.id)));
    const pool = t.database.newPool({ max: 4 });
    for (const options of [{ cacheSize: 0 }, {}]) {
      const stratum = new Stratum({ pool, ...options });
      const answers = await Promise.all(
        Array.from({ length: 200 }, (_, count) =>
          stratum.validateApiKey(keys[count % keys.length]!.plaintext_key),
        ),
      );
      expect(answers.every((answer) => answer?.tenant_id === o!.id)).toBe(true);
      await stratum.close();
    }
  });

  describe("of other tenants", () => {
    it("are answered as unknown ones to callers bound elsewhere", async () => {
      const g = await t.grow(["s", ["s1"], ["s2"]]);
      const platform = await t.stratum.createApiKey(null, { scopes: ["platform:admin"] });
      const foreign = await t.stratum.createApiKey(g.s2!.id);
      const own = await t.stratum.createApiKey(g.s1!.id);
      const role = await t.stratum.createRole({ name: "s", scopes: [], tenant_id: g.s!.id });
      const bound = (tenant: Tenant) =>
        ({ actor_id: "a", actor_type: "jwt", tenant_id: tenant.id, scopes: ["admin"] }) as const;
      await runAs(bound(g.s1!), async () => {
        const { stratum } = t;
        for (const { id } of [platform, foreign, { id: UNKNOWN }]) {
          expect(await stratum.getApiKey(id)).toBeNull();
          expect(await stratum.revokeApiKey(id)).toBe(false);
          expect(await codeOf(stratum.rotateApiKey(id))).toBe("API_KEY_NOT_FOUND");
          expect(await stratum.assignRoleToKey(id, role.id)).toBe(false);
          expect(await stratum.removeRoleFromKey(id)).toBe(false);
          expect(await stratum.resolveKeyScopes(id)).toEqual([]);
        }
        expect(await codeOf(stratum.createApiKey(g.s2!.id))).toBe("TENANT_NOT_FOUND");
        expect(await codeOf(stratum.createApiKey(null))).toBe("FORBIDDEN");
        expect(await codeOf(stratum.listApiKeys(g.s2!.id))).toBe("TENANT_NOT_FOUND");
        expect(await codeOf(stratum.revokeApiKeys(g.s2!.id))).toBe("TENANT_NOT_FOUND");
        expect((await stratum.listApiKeys()).map(({ id }) => id)).toEqual([own.id]);
        // A role of the tenant above serves the key, but is not this caller's to give.
        expect(await codeOf(stratum.assignRoleToKey(own.id, role.id))).toBe("ROLE_NOT_FOUND");
      });
      // The facade holds nobody to scopes that were not told.
      const untold = { actor_id: "a", actor_type: "jwt", tenant_id: g.s1!.id } as const;
      expect(await codeOf(runAs(untold, () => t.stratum.createApiKey(null)))).toBe("FORBIDDEN");
      expect(await t.stratum.validateApiKey(platform.plaintext_key)).toMatchObject({
        tenant_id: null,
        scopes: ["platform:admin"],
      });
      expect(await t.stratum.assignRoleToKey(own.id, role.id)).toBe(true);
    });
  });
});
