import { TenantPool } from "@stratum-hq/db-adapters";
import { TenantDataSource } from "@stratum-hq/db-adapters/typeorm";
import { ENTITIES, Label } from "../../../../test/support/entities";
import { useTenantTables } from "../../../../test/support/use-tenant-tables";

describe("round trips of TypeORM", () => {
  const t = useTenantTables();

  /** Messages to the server while `work` runs for a tenant: each is answered before the next is sent. */
  async function roundTripsOf(
    work: (source: TenantDataSource) => Promise<unknown>,
  ): Promise<number> {
    const pool = t.pool("superuser", { max: 1 });
    let count = 0;
    const client = await pool.connect();
    const query = client.query.bind(client) as (...args: unknown[]) => unknown;
    Object.assign(client, {
      query: (...args: unknown[]): unknown => {
        count += 1;
        return query(...args);
      },
    });
    client.release();
    const tenantPool = new TenantPool({ pool, signer: t.signer });
    const source = await new TenantDataSource(tenantPool, { entities: ENTITIES }).initialize();
    await tenantPool.scope.run(t.a, () => work(source));
    return count;
  }

  it("are one for a statement, and none for the start", async () => {
    expect(await roundTripsOf(() => Promise.resolve())).toBe(0);
    expect(await roundTripsOf((source) => source.query("select 1"))).toBe(1);
  });

  it("are one for BEGIN, its modes and the context, and none for a transaction without statements", async () => {
    const serializable = (source: TenantDataSource) =>
      source.transaction("SERIALIZABLE", (manager) => manager.query("select 1"));
    expect(await roundTripsOf(serializable)).toBe(3);
    const empty = (source: TenantDataSource) =>
      source.transaction(() => Promise.resolve(source.getRepository(Label).create()));
    expect(await roundTripsOf(empty)).toBe(0);
  });
});
