import type { Tenant } from "@stratum-hq/lib";
import { DECLARED } from "../../../../test/support/declared-tables";
import { useStratum } from "../../../../test/support/use-stratum";

const STRATEGIES = ["SHARED_RLS", "SCHEMA_PER_TENANT", "DB_PER_TENANT"] as const;
const LOCK = 20_261_126;
const HELD = `select count(*)::int as n from pg_locks where locktype = 'advisory' and objid = ${LOCK}`;

describe("connections of tenants with resetOnRelease", () => {
  // One connection of each kind, for which its next user waits.
  const t = useStratum(
    { max: 1 },
    { tenantTables: DECLARED, connectionBudget: 1, resetOnRelease: true },
  );

  it.each(STRATEGIES)("go back without what was left on them (%s)", async (isolation_strategy) => {
    const tenant: Tenant = await t.stratum.createTenant({ name: "leaving", isolation_strategy });
    const pool = await t.stratum.tenantPool();
    const taken = async (text: string) =>
      (await t.stratum.runInTenant(tenant.id, () => pool.query<{ n: number }>(text))).rows[0]?.n;
    for (let n = 0; n < 3; n += 1) {
      await taken(`select pg_advisory_lock(${LOCK})`);
      // By the next use of the connection, it is gone.
      expect(await taken(HELD)).toBe(0);
      expect(await taken("select count(*)::int as n from orders where note = 'x'")).toBe(0);
    }
  });
});
