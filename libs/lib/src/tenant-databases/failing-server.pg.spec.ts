import { randomBytes } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { Stratum, type Tenant } from "@stratum-hq/lib";
import { DECLARED } from "../../../../test/support/declared-tables";
import { codeOf, useStratum } from "../../../../test/support/use-stratum";

const DB = { isolation_strategy: "DB_PER_TENANT" } as const;

describe("a tenant whose database cannot be made", () => {
  const t = useStratum({}, { tenantTables: DECLARED });
  const login = `stratum_test_plain_${randomBytes(5).toString("hex")}`;

  const waiting = async (): Promise<number> =>
    (
      await t.rows<{ n: number }>(
        `select count(*)::int as n from pg_stat_activity
         where datname = current_database() and wait_event_type = 'Lock'`,
      )
    )[0]!.n;
  /** A provisioning that failed before its first step was on record. */
  const failedProvision = async (tenantId: string): Promise<string> => {
    const [operation] = await t.rows<{ id: string }>(
      `insert into stratum.operations (id, type, tenant_id, state, progress, actor_id, actor_type, claim_id)
       values (gen_random_uuid(), 'provision', $1, 'failed', '{"done": 0, "total": 4}', 'a', 'system', $1)
       returning id`,
      [tenantId],
    );
    return operation!.id;
  };
  const bySlug = (slug: string): Promise<Tenant> => t.stratum.getTenantBySlug(slug);

  describe("since its region's server cannot be reached", () => {
    let regionId: string;

    beforeAll(async () => {
      const database_url = "postgres://nobody:x@127.0.0.1:1/postgres";
      const region = await t.stratum.createRegion({
        display_name: "far",
        slug: "far",
        database_url,
      });
      regionId = region.id;
    });

    it("stays provisioning, and the error says why", async () => {
      const creating = t.stratum.createTenant({
        ...DB,
        slug: "far",
        name: "f",
        region_id: regionId,
      });
      await expect(creating).rejects.toMatchObject({
        code: "STORAGE_UNAVAILABLE",
        statusCode: 503,
        details: { region_id: regionId },
      });
      const { id, status } = await bySlug("far");
      expect(status).toBe("provisioning");
      const { data } = await t.stratum.listOperations({ tenant_id: id });
      expect(data).toMatchObject([{ state: "failed", error: { code: "STORAGE_UNAVAILABLE" } }]);
      expect(JSON.stringify(data)).not.toContain("nobody:x");
    });

    it("is not entered, nor given children, nor purged, until it is provisioned", async () => {
      const { id } = await bySlug("far");
      const calls = [
        t.stratum.runInTenant(id, () => undefined),
        t.stratum.createTenant({ name: "child", parent_id: id }),
        t.stratum.suspendTenant(id),
        t.stratum.purgeTenant(id),
      ];
      for (const call of calls) expect(await codeOf(call)).toBe("INVALID_TENANT_STATE");
      expect(await codeOf(t.stratum.provisionTenant(id))).toBe("STORAGE_UNAVAILABLE");
    });

    it("keeps those below it waiting, that were created with it", async () => {
      const { created, errors } = await t.stratum.batchCreateTenants([
        { ...DB, name: "above", region_id: regionId },
        { name: "below", parent_index: 0, isolation_strategy: "SHARED_RLS" },
      ]);
      expect(errors).toEqual([]);
      expect(created.map(({ status }) => status)).toEqual(["provisioning", "provisioning"]);
      const below = t.stratum.provisionTenant(created[1]!.id);
      expect(await codeOf(below)).toBe("INVALID_TENANT_STATE");
    });

    it("is made by provisionTenant once the region is right, and stays in it from then on", async () => {
      const { id } = await bySlug("far");
      await t.stratum.updateRegion(regionId, { database_url: t.database.url });
      expect(await t.stratum.provisionTenant(id)).toMatchObject({ status: "active" });
      const other = await t.stratum.createRegion({ display_name: "o", slug: "other" });
      expect(await codeOf(t.stratum.migrateRegion(id, other.id))).toBe("STORAGE_NOT_MOVABLE");
    });
  });

  describe("since its parent is shut meanwhile", () => {
    it("waits for it to be active", async () => {
      const parent = await t.stratum.createTenant({ name: "parent" });
      const child = await t.stratum.createTenant({ ...DB, name: "child", parent_id: parent.id });
      await t.rows("update stratum.tenants set status = 'provisioning' where id = $1", [child.id]);
      await t.stratum.suspendTenant(parent.id);
      expect(await codeOf(t.stratum.provisionTenant(child.id))).toBe("TENANT_SUSPENDED");
      await t.stratum.resumeTenant(parent.id);
      expect(await t.stratum.provisionTenant(child.id)).toMatchObject({ status: "active" });
    });
  });

  describe("since the login may not create databases", () => {
    beforeAll(async () => {
      await t.rows(`create role ${login} login password 'x'`);
      await t.rows(`grant all on schema public to ${login}`);
      await t.rows(`grant usage on schema stratum to ${login}`);
      await t.rows(`grant all on all tables in schema stratum to ${login}`);
      await t.rows(
        `grant stratum_tenant, stratum_maintenance to ${login} with inherit false, set true`,
      );
      await t.rows(`grant stratum_context to ${login} with admin true, inherit false, set false`);
    });
    afterAll(async () => {
      await t.rows(`reassign owned by ${login} to current_user; drop owned by ${login} cascade`);
      await t.rows(`drop role ${login}`).catch(() => undefined);
    });

    it("is made once that is mended as the error says", async () => {
      const url = new URL(t.database.url);
      Object.assign(url, { username: login, password: "x" });
      const pool = t.database.newPool({ connectionString: url.toString(), max: 1 });
      const stratum = new Stratum({ pool, tenantTables: DECLARED, worker: false });
      const missing = (statement: string) => ({
        ...{ code: "STORAGE_PRIVILEGE_MISSING", details: { statement } },
      });
      const createdb = `alter role ${login} createdb`;
      await expect(stratum.createTenant({ ...DB, name: "plain" })).rejects.toMatchObject(
        missing(createdb),
      );
      await t.rows(createdb);
      const { id } = await bySlug("plain");
      const select = `grant select on public.priorities to ${login}`;
      await expect(stratum.provisionTenant(id)).rejects.toMatchObject(missing(select));
      await t.rows(select);
      expect(await stratum.provisionTenant(id)).toMatchObject({ status: "active" });
      const tenants = await stratum.tenantPool();
      await stratum.runInTenant(id, () =>
        tenants.query("insert into orders (note) values ('of a login without privileges')"),
      );
      await stratum.purgeTenant(id);
      await stratum.close();
    });
  });

  it("is not made any more once its tenant is on its way out", async () => {
    const { id } = await t.stratum.createTenant({ ...DB, name: "leaving" });
    const database = `stratum_${id.replaceAll("-", "")}`;
    await t.rows(`drop database ${database}`);
    await t.rows("update stratum.tenants set status = 'purging' where id = $1", [id]);
    const late = await failedProvision(id);
    expect(await codeOf(t.stratum.resumeOperation(late))).toBe("INVALID_TENANT_STATE");
    expect(await t.rows("select from pg_database where datname = $1", [database])).toEqual([]);
  });

  it("goes on with a database that is there, made by a process that was killed right then", async () => {
    const { id } = await t.stratum.createTenant({ ...DB, name: "again" });
    await t.rows("update stratum.tenants set status = 'provisioning' where id = $1", [id]);
    const again = await t.stratum.resumeOperation(await failedProvision(id));
    expect(again).toMatchObject({ state: "succeeded", error: null });
    expect(await t.stratum.getTenant(id)).toMatchObject({ status: "active" });
  });

  it("is refused while another call makes it", async () => {
    const tenant = await t.stratum.createTenant({ ...DB, name: "twice" });
    await t.rows("update stratum.tenants set status = 'provisioning' where id = $1", [tenant.id]);
    const holder = await t.pool.connect();
    await holder.query("begin");
    await holder.query("select from stratum.tenants where id = $1 for update", [tenant.id]);
    const codes = [1, 2, 3].map(() => codeOf(t.stratum.provisionTenant(tenant.id)));
    while ((await waiting()) < 3) await sleep(5);
    await holder.query("commit");
    holder.release();
    expect((await Promise.all(codes)).sort()).toEqual([
      "OPERATION_IN_PROGRESS",
      "OPERATION_IN_PROGRESS",
      "ok",
    ]);
  });
});
