import { randomBytes } from "node:crypto";
import { Stratum, type Tenant } from "@stratum-hq/lib";
import { DECLARED } from "../../../../test/support/declared-tables";
import { codeOf, useStratum } from "../../../../test/support/use-stratum";

const DB = { isolation_strategy: "DB_PER_TENANT" } as const;

describe("a tenant whose database cannot be made", () => {
  const t = useStratum({}, { tenantTables: DECLARED });
  const login = `stratum_test_plain_${randomBytes(5).toString("hex")}`;

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
      const error = await stratum.createTenant({ ...DB, name: "plain" }).catch((e: unknown) => e);
      const statement = `alter role ${login} createdb`;
      expect(error).toMatchObject({ code: "STORAGE_PRIVILEGE_MISSING", details: { statement } });
      await t.rows(statement);
      const { id } = await bySlug("plain");
      expect(await stratum.provisionTenant(id)).toMatchObject({ status: "active" });
      const tenants = await stratum.tenantPool();
      await stratum.runInTenant(id, () =>
        tenants.query("insert into orders (note) values ('of a login without privileges')"),
      );
      await stratum.purgeTenant(id);
      await stratum.close();
    });
  });

  it("is refused while another call makes it", async () => {
    const tenant = await t.stratum.createTenant({ ...DB, name: "twice" });
    await t.rows("update stratum.tenants set status = 'provisioning' where id = $1", [tenant.id]);
    const codes = [1, 2, 3].map(() => codeOf(t.stratum.provisionTenant(tenant.id)));
    expect((await Promise.all(codes)).sort()).toEqual([
      "OPERATION_IN_PROGRESS",
      "OPERATION_IN_PROGRESS",
      "ok",
    ]);
  });
});
