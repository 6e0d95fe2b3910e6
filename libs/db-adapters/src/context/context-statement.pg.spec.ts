import { useTenantTables } from "../../../../test/support/use-tenant-tables";

describe("what others see of a context", () => {
  const t = useTenantTables();

  it.each(["auto", "off"] as const)(
    "is its statement, and not the context, with message groups %s",
    async (messageGroups) => {
      const tenants = t.tenantPool("member", { messageGroups }, { max: 1 });
      await tenants.scope.run(t.a, async () => {
        const client = await tenants.connect();
        await client.begin();
        const { rows } = await t.database.pool.query<{ query: string }>(
          "select query from pg_stat_activity where usename = $1 and query like '%stratum.context%'",
          [t.nameOf("member")],
        );
        expect(rows).toHaveLength(1);
        expect(rows[0]!.query).toContain("$1");
        expect(rows[0]!.query).not.toContain(t.a);
        await client.rollback();
        client.release();
      });
    },
  );
});
