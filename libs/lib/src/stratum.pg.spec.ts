import { readFileSync } from "node:fs";
import { join } from "node:path";
import { Controller, Get, Module } from "@nestjs/common";
import { Test } from "@nestjs/testing";
import { InternalError, runAs, Stratum, StratumModule, StratumError } from "@stratum-hq/lib";
import { Pool } from "pg";
import { createTestDatabase, type TestDatabase } from "../../../test/support/test-database";
import { codeOf } from "../../../test/support/use-stratum";

describe("Stratum", () => {
  let database: TestDatabase;

  beforeAll(async () => {
    database = await createTestDatabase();
  });
  afterAll(() => database.drop());

  describe("the caller's pool", () => {
    it("works after close(), with no listener and no connection left in use", async () => {
      const pool = new Pool({ connectionString: database.url, max: 4 });
      const events = ["error", "connect", "acquire", "remove", "release"];
      const listeners = () => events.map((event) => pool.listenerCount(event));
      const before = listeners();
      const stratum = new Stratum({ pool });
      const { id } = await stratum.createTenant({ name: "p" });
      await Promise.all(Array.from({ length: 20 }, () => stratum.resolveConfig(id)));
      await codeOf(stratum.createTenant({ name: "p", parent_id: id, slug: "p" }));
      await stratum.close();
      expect(listeners()).toEqual(before);
      expect(pool.idleCount).toBe(pool.totalCount);
      expect((await pool.query("select 1 as one")).rows).toEqual([{ one: 1 }]);
      const clients = await Promise.all(Array.from({ length: 4 }, () => pool.connect()));
      for (const client of clients) {
        expect(client.listenerCount("error")).toBeLessThanOrEqual(1);
        expect((await client.query("show search_path")).rows).toEqual([
          { search_path: '"$user", public' },
        ]);
        client.release();
      }
      await pool.end();
    });

    it("sees no query outside of Stratum's methods", async () => {
      const pool = new Pool({ connectionString: database.url, max: 4 });
      let queries = 0;
      pool.on("acquire", () => (queries += 1));
      const stratum = new Stratum({ pool });
      const { id } = await stratum.createTenant({ name: "q" });
      await stratum.resolveConfig(id);
      const after = queries;
      await new Promise((done) => setTimeout(done, 1500));
      expect(queries).toBe(after);
      await stratum.close();
      expect(queries).toBe(after);
      await pool.end();
    });

    it("loses the listeners when the start fails, and may be tried again", async () => {
      const pool = new Pool({ connectionString: "postgresql://x:y@127.0.0.1:1/none", max: 2 });
      const stratum = new Stratum({ pool });
      expect(await codeOf(stratum.initialize())).toBe("DATABASE_UNAVAILABLE");
      expect(await codeOf(stratum.getTenantBySlug("a"))).toBe("DATABASE_UNAVAILABLE");
      expect(pool.listenerCount("error")).toBe(0);
      await stratum.close();
      await pool.end();
    });

    it("may have its own parsers and a search_path of its own", async () => {
      const pool = new Pool({
        connectionString: database.url,
        max: 2,
        options: "-c search_path=pg_catalog -c default_transaction_isolation=serializable",
        types: {
          getTypeParser: () => () => {
            throw new Error("the host's own");
          },
        },
      });
      const tenantTables = [
        { name: "parsed", create: "create table parsed (id uuid primary key)" },
      ];
      const stratum = new Stratum({ pool, tenantTables });
      const root = await stratum.createTenant({ name: "own parsers" });
      const child = await stratum.createTenant({ name: "child", parent_id: root.id });
      await stratum.setConfig(root.id, "k", { value: [1] });
      expect((await stratum.resolveConfig(child.id)).k?.value).toEqual([1]);
      expect((await stratum.listTenants({ parent_id: root.id })).data).toEqual([child]);
      expect(await stratum.getDescendants(root.id)).toEqual([child]);
      await stratum.moveTenant(child.id, null);
      expect((await stratum.queryAuditLogs({ tenant_id: child.id }))[0]?.action).toBe(
        "tenant.moved",
      );
      const isolation_strategy = "SCHEMA_PER_TENANT";
      const apart = await stratum.createTenant({ name: "apart", isolation_strategy });
      expect((await stratum.proveIsolation()).sound).toBe(true);
      expect((await stratum.exportTenantData(apart.id)).tenant).toMatchObject({ id: apart.id });
      expect((await stratum.purgeTenant(apart.id)).tenant_id).toBe(apart.id);
      await stratum.close();
      await pool.end();
    });

    it("recovers when connections die", async () => {
      const pool = new Pool({ connectionString: database.url, max: 2 });
      const stratum = new Stratum({ pool });
      const { id } = await stratum.createTenant({ name: "dying" });
      await database.pool.query(
        `select pg_terminate_backend(pid) from pg_stat_activity
         where datname = current_database() and pid <> pg_backend_pid()`,
      );
      let code = await codeOf(stratum.getTenant(id));
      for (let attempt = 0; code !== "ok" && attempt < 5; attempt += 1) {
        expect(code).toBe("DATABASE_UNAVAILABLE");
        code = await codeOf(stratum.getTenant(id));
      }
      expect(code).toBe("ok");
      await stratum.close();
      await pool.end();
    });
  });

  describe("prepared statements", () => {
    it("says what to set when something drops them behind the driver's back", async () => {
      const pool = new Pool({ connectionString: database.url, max: 1 });
      const stratum = new Stratum({ pool });
      const { id } = await stratum.createTenant({ name: "prepared" });
      await stratum.getTenant(id);
      await pool.query("deallocate all");
      await expect(stratum.getTenant(id)).rejects.toMatchObject({
        code: "POOLER_UNSUPPORTED",
        message: expect.stringContaining('preparedStatements: "off"') as string,
      });
      await stratum.close();
      const plain = new Stratum({ pool, preparedStatements: "off" });
      await plain.getTenant(id);
      await pool.query("deallocate all");
      expect(await codeOf(plain.getTenant(id))).toBe("ok");
      const { rows } = await pool.query("select count(*)::int as n from pg_prepared_statements");
      expect(rows).toEqual([{ n: 0 }]);
      await plain.close();
      await pool.end();
    });
  });

  describe("close()", () => {
    it("waits for calls under way and refuses later ones", async () => {
      const stratum = new Stratum({ pool: database.pool });
      const call = stratum.createTenant({ name: "late" });
      const closing = stratum.close();
      expect(await codeOf(stratum.createTenant({ name: "later" }))).toBe("STRATUM_CLOSED");
      await closing;
      expect(await codeOf(call)).toBe("ok");
      await stratum.close();
      expect(await codeOf(stratum.initialize())).toBe("STRATUM_CLOSED");
    });
  });

  it("closes also after the pool, whatever was on its way", async () => {
    for (const max of [1, 4]) {
      const pool = new Pool({ connectionString: database.url, max });
      const stratum = new Stratum({ pool });
      const { id } = await stratum.createTenant({ name: "ended" });
      const key = await stratum.createApiKey(id);
      await stratum.validateApiKey(key.plaintext_key);
      await pool.end();
      await stratum.close();
    }
  });

  describe("the tenant in context", () => {
    it("is there inside of runInTenant, at any depth, and nowhere else", async () => {
      const stratum = new Stratum({ pool: database.pool });
      const { id } = await stratum.createTenant({ name: "context" });
      const other = await stratum.createTenant({ name: "other context" });
      const seen = await stratum.runInTenant(id, async () => {
        await new Promise((done) => setTimeout(done, 5));
        const inner = await stratum.runInTenant(other.id, () => Stratum.currentTenantId());
        return [inner, Stratum.currentTenantId(), Stratum.currentTenantContext()?.chain];
      });
      expect(seen).toEqual([other.id, id, [id]]);
      expect(() => Stratum.currentTenantId()).toThrow("runInTenant");
      expect(Stratum.currentTenantContext()).toBeNull();
      const failure = new Error("the caller's own");
      const run = stratum.runInTenant(id, () => Promise.reject(failure));
      await expect(run).rejects.toBe(failure);
      await stratum.suspendTenant(id);
      expect(await codeOf(stratum.runInTenant(id, () => 1))).toBe("TENANT_SUSPENDED");
      await stratum.close();
    });

    it("keeps actors of concurrent calls apart", async () => {
      const stratum = new Stratum({ pool: database.pool });
      const { id } = await stratum.createTenant({ name: "actors" });
      const actors = Array.from({ length: 8 }, (_, n) => `actor-${n}`);
      await Promise.all(
        actors.map((actor_id) =>
          runAs({ actor_id, actor_type: "jwt" }, async () => {
            await new Promise((done) => setTimeout(done, Math.random() * 20));
            return stratum.setConfig(id, actor_id, { value: 1 });
          }),
        ),
      );
      const entries = await stratum.queryAuditLogs({ tenant_id: id, resource_type: "config" });
      expect(entries).toHaveLength(8);
      for (const entry of entries) expect(entry.actor_id).toBe(entry.resource_id);
      expect(() => runAs({ actor_id: "", actor_type: "jwt" }, () => 1)).toThrow(StratumError);
      await stratum.close();
    });
  });

  describe("in a Nest application", () => {
    @Controller("tenants")
    class TenantsController {
      constructor(private readonly stratum: Stratum) {}
      @Get()
      list() {
        return this.stratum.listTenants({ limit: 1 });
      }
    }

    @Module({ controllers: [TenantsController] })
    class FeatureModule {}

    it("is injected wherever it is asked for, and ends with the application", async () => {
      const pool = new Pool({ connectionString: database.url, max: 2 });
      const app = await Test.createTestingModule({
        imports: [StratumModule.forRoot({ pool }), FeatureModule],
      }).compile();
      await app.init();
      const page = await app.get(TenantsController).list();
      expect(page.data).toHaveLength(1);
      await app.close();
      expect(pool.listenerCount("error")).toBe(0);
      expect((await pool.query("select 1 as one")).rows).toEqual([{ one: 1 }]);
      await pool.end();
    });

    it("takes its options from a factory", async () => {
      const app = await Test.createTestingModule({
        imports: [StratumModule.forRootAsync({ useFactory: () => ({ pool: database.pool }) })],
      }).compile();
      await app.init();
      expect(await codeOf(app.get(Stratum).getTenantBySlug("nobody"))).toBe("TENANT_NOT_FOUND");
      await app.close();
    });
  });

  it("works under a login that has only the grants of the README", async () => {
    const readme = readFileSync(join(__dirname, "..", "README.md"), "utf8");
    const [, grants = ""] = /```sql\n(.*?)```/s.exec(readme) ?? [];
    const login = `app_${process.pid}_${Date.now()}`;
    await database.pool.query(`create role ${login} login password 'x'`);
    await database.pool.query(grants.replaceAll(/ to app\b/g, ` to ${login}`));
    const url = new URL(database.url);
    [url.username, url.password] = [login, "x"];
    const pool = new Pool({ connectionString: url.toString(), max: 2 });
    const stratum = new Stratum({ pool, autoMigrate: false });
    const root = await stratum.createTenant({ name: "granted", config: { k: 1 } });
    const child = await stratum.createTenant({ name: "granted", parent_id: root.id });
    await stratum.moveTenant(child.id, null);
    await stratum.deleteConfig(root.id, "k");
    expect(await stratum.resolveConfig(root.id)).toEqual({});
    await stratum.close();
    await pool.end();
    await database.pool.query(`drop owned by ${login}`);
    await database.pool.query(`drop role ${login}`);
  });

  it("wraps a defect of its own, so that callers see only StratumErrors", async () => {
    const stratum = new Stratum({ pool: database.pool });
    await stratum.initialize();
    // No answer of any server: what reads it fails as a defect would.
    const query = jest.spyOn(database.pool, "query").mockResolvedValue({} as never);
    try {
      const call = stratum.getTenantBySlug("anybody");
      await expect(call).rejects.toBeInstanceOf(InternalError);
    } finally {
      query.mockRestore();
    }
    await stratum.close();
  });
});
