import { Stratum, type TenantPool } from "@stratum-hq/lib";
import type { Pool } from "pg";
import { hammer } from "./support/tenant-hammer";
import { hasPgBouncer, startPgBouncer, type PgBouncer } from "./support/pgbouncer";
import { times } from "./support/scale";
import { tenantPoolContract } from "./support/tenant-pool.contract";
import { codeOf } from "./support/use-stratum";
import { useTenantTables } from "./support/use-tenant-tables";

const REQUESTS = times(1000, 50_000);
const installed = hasPgBouncer();
if (!installed) console.log("1 suite is skipped: PgBouncer is not installed.");

(installed ? describe : describe.skip).each([1, 5])(
  "PgBouncer in transaction mode, %i connections to the server",
  (size) => {
    const t = useTenantTables();
    let bouncer: PgBouncer;
    let pool: Pool;
    let tenants: TenantPool;

    beforeAll(async () => {
      const login = new URL(t.database.url);
      Object.assign(login, { username: t.nameOf("hardened"), password: "x" });
      bouncer = await startPgBouncer(login.toString(), size);
      pool = t.database.newPool({ connectionString: bouncer.url, max: 20 });
      tenants = t.tenantPool("hardened", { pool, preparedStatements: "off" });
    });
    afterAll(() => bouncer.stop());

    tenantPoolContract("without prepared statements", () => ({ pool: tenants, a: t.a, b: t.b }));

    it(`shows no foreign row to clients that share its connections (${REQUESTS} requests)`, async () => {
      await hammer(tenants, t.database, REQUESTS);
      const one = t.database.newPool({ connectionString: bouncer.url, max: 1 });
      await hammer(
        t.tenantPool("hardened", { pool: one, preparedStatements: "off" }),
        t.database,
        REQUESTS,
      );
      await one.end();
    });

    it("leaves no context on a connection for the next client", async () => {
      const left = `select current_setting('stratum.context', true) as context, current_user::text as role`;
      for (let n = 0; n < 20; n += 1) {
        await tenants.scope.run(t.a, () => tenants.query("select 1"));
        const { rows } = await pool.query<{ context: string | null; role: string }>(left);
        expect(rows[0]?.context ?? "").toBe("");
        expect(rows[0]?.role).toBe(t.nameOf("hardened"));
      }
    });

    it("is told where statements are prepared on connections that clients share", async () => {
      const codes = new Set<string>();
      const prepared = t.tenantPool("hardened", { pool });
      for (let round = 0; round < 20 && codes.size < 2; round += 1) {
        const results = await Promise.all(
          Array.from({ length: 20 }, (_, n) =>
            codeOf(prepared.scope.run(t.a, () => prepared.query(`select ${n % 3} as n`))),
          ),
        );
        for (const code of results) codes.add(code);
      }
      expect([...codes].filter((code) => code !== "ok")).toEqual(["POOLER_UNSUPPORTED"]);
    });
  },
);

(installed ? describe : describe.skip)("a whole Stratum behind PgBouncer", () => {
  const t = useTenantTables();

  it("grows a tree, sets and resolves, and reads tenants' rows", async () => {
    const bouncer = await startPgBouncer(t.database.url, 3);
    const pool = t.database.newPool({ connectionString: bouncer.url });
    const stratum = new Stratum({ pool, preparedStatements: "off" });
    const root = await stratum.createTenant({ name: "root" });
    const children = await Promise.all(
      Array.from({ length: 20 }, (_, n) =>
        stratum.createTenant({ name: `child ${n}`, parent_id: root.id }),
      ),
    );
    await stratum.setConfig(root.id, "theme", { value: "dark" });
    const tenants = await stratum.tenantPool();
    const seen = await Promise.all(
      children.map(async ({ id }) => {
        const insert = "insert into orders (note) values ($1) returning tenant_id";
        const own = await stratum.runInTenant(id, () => tenants.query(insert, [id]));
        const config = await stratum.resolveConfig(id);
        return [own.rows[0]?.["tenant_id"], config["theme"]?.value];
      }),
    );
    expect(seen).toEqual(children.map(({ id }) => [id, "dark"]));
    await stratum.close();
    await pool.end();
    await bouncer.stop();
  });
});
