import { randomBytes } from "node:crypto";
import { Test } from "@nestjs/testing";
import { enableRls, Stratum, StratumModule, type IsolationUnsoundError } from "@stratum-hq/lib";
import type { Pool } from "pg";
import { codeOf, useStratum } from "../../../../test/support/use-stratum";

describe("the start of a Stratum", () => {
  const t = useStratum();
  const login = `stratum_test_start_${randomBytes(5).toString("hex")}`;
  let plain: Pool;

  beforeAll(async () => {
    await t.stratum.initialize();
    await t.rows(`create role ${login} login password 'x'`);
    await t.rows(`grant usage on schema stratum to ${login}`);
    await t.rows(
      `grant select, insert, update, delete on all tables in schema stratum to ${login}`,
    );
    const url = new URL(t.database.url);
    Object.assign(url, { username: login, password: "x" });
    plain = t.database.newPool({ connectionString: url.toString(), max: 1 });
  });
  afterAll(() => t.rows(`drop owned by ${login}; drop role ${login}`).catch(() => undefined));

  async function start(pool: Pool): Promise<void> {
    const stratum = new Stratum({ pool, autoMigrate: false });
    await stratum.initialize().finally(() => stratum.close());
  }

  it("needs no grants without a table of tenants' rows, whatever else has a column tenant_id", async () => {
    await t.rows(
      "create table public.invoices (tenant_id integer); grant select on public.invoices to public",
    );
    await start(plain);
    await t.rows("drop table public.invoices");
  });

  describe("with a table of tenants' rows", () => {
    beforeAll(async () => {
      const client = await t.pool.connect();
      await client.query("create table public.tickets (id uuid primary key, title text)");
      await enableRls(client, "tickets");
      client.release();
    });

    it("refuses a login that cannot act as a tenant, and says what it needs", async () => {
      const statement = `grant stratum_tenant to "${login}" with inherit true, set true`;
      await expect(start(plain)).rejects.toMatchObject({
        code: "TENANT_ROLE_MISSING",
        details: { login, statement },
      });
      await t.rows(statement);
      await start(plain);
    });

    it("refuses a hole, with the statement that mends it, and starts once that has run", async () => {
      await t.rows("alter table public.tickets no force row level security");
      const listeners = () => t.pool.eventNames().map((name) => t.pool.listenerCount(name));
      const before = listeners();
      const stratum = new Stratum({ pool: t.pool });
      const error = await stratum.listTenants().then(
        () => null,
        (reason: IsolationUnsoundError) => reason,
      );
      expect(error).toMatchObject({
        code: "ISOLATION_UNSOUND",
        details: {
          findings: [
            {
              check: "force",
              object: "public.tickets",
              statement: "alter table public.tickets force row level security",
            },
          ],
        },
      });
      expect(error?.message).toContain("alter table public.tickets force row level security");
      // What the start had built has been taken down.
      expect(listeners()).toEqual(before);
      await t.rows("alter table public.tickets force row level security");
      expect(await codeOf(stratum.listTenants())).toBe("ok");
      await stratum.close();
    });

    it("refuses it in a Nest application too, which then does not start", async () => {
      await t.rows("alter table public.tickets disable row level security");
      const module = Test.createTestingModule({
        imports: [StratumModule.forRoot({ pool: t.pool })],
      });
      const app = (await module.compile()).createNestApplication();
      expect(await codeOf(app.init())).toBe("ISOLATION_UNSOUND");
      await app.close();
      await t.rows("alter table public.tickets enable row level security");
    });

    it("refuses a tenantPool whose login may more than a tenant", async () => {
      const stratum = new Stratum({ pool: t.pool, tenantPool: plain });
      await expect(stratum.initialize()).rejects.toMatchObject({
        code: "TENANT_POOL_UNSAFE",
        details: { login },
      });
      await stratum.close();
    });
  });
});
