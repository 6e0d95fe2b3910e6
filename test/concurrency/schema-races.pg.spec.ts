import { withTenantContext, type Tenant } from "@stratum-hq/lib";
import { brokenSchemas } from "../support/broken-schemas";
import { DECLARED } from "../support/declared-tables";
import { race } from "../support/rivals";
import { times } from "../support/scale";
import { codeOf, useStratum } from "../support/use-stratum";

const ROUNDS = times(4, 60);
const OWN = { isolation_strategy: "SCHEMA_PER_TENANT" } as const;

describe("schemas of tenants, made and dropped side by side", () => {
  const t = useStratum({}, { tenantTables: DECLARED });
  const create = (name: string, parent_id: string | null = null): Promise<Tenant> =>
    t.stratum.createTenant({ name, parent_id, ...OWN });
  afterEach(async () => {
    expect(await brokenSchemas(t.pool)).toEqual([]);
  });

  it("are made for tenants that are created at once, each its own", async () => {
    const parent = await create("parent");
    const created = await Promise.all(
      Array.from({ length: times(10, 200) }, (_, n) =>
        create("same name", n % 2 === 0 ? parent.id : null),
      ),
    );
    expect(new Set(created.map(({ slug }) => slug)).size).toBe(created.length);
  });

  it("are gone with a subtree that is purged while tenants are created in it, or these are refused", async () => {
    for (let round = 0; round < ROUNDS; round += 1) {
      const top = await create("top");
      const middle = await create("middle", top.id);
      const codes = await race(
        () => t.stratum.purgeTenant(top.id, { subtree: true }),
        () => create("below", middle.id),
        () => create("below", top.id),
      );
      expect(codes[0]).toBe("ok");
      for (const code of codes.slice(1)) {
        expect(["ok", "TENANT_NOT_FOUND", "INVALID_TENANT_STATE"]).toContain(code);
      }
    }
    expect((await t.rows("select from pg_namespace where nspname like 'tenant\\_%'")).length).toBe(
      (
        await t.rows("select from stratum.tenants where isolation_strategy = $1", [
          OWN.isolation_strategy,
        ])
      ).length,
    );
  });

  it("are waited for where their tenant still writes, and refuse it afterwards", async () => {
    const pool = await t.stratum.tenantPool();
    for (let round = 0; round < ROUNDS; round += 1) {
      const tenant = await create("writing");
      const insert = "insert into orders (note) values ('late')";
      const outcomes: string[] = [];
      const writing = withTenantContext(pool, tenant.id, async (client) => {
        await client.query(insert);
        await client.query("select pg_sleep(0.05)");
      }).then(async () => {
        while (outcomes.at(-1) === "ok" || outcomes.length === 0) {
          outcomes.push(
            await codeOf(withTenantContext(pool, tenant.id, (client) => client.query(insert))),
          );
        }
      });
      const [purged] = await race(() => t.stratum.purgeTenant(tenant.id));
      await writing.catch(() => undefined);
      expect(purged).toBe("ok");
      const codes = ["ok", "TENANT_NOT_FOUND", "INVALID_TENANT_STATE", "TENANT_STORAGE_MISSING"];
      expect(outcomes.filter((code) => !codes.includes(code))).toEqual([]);
    }
  });
});
