import { withTenantContext, type IsolationStrategy, type TenantPool } from "@stratum-hq/lib";
import { DECLARED } from "./support/declared-tables";
import { tenantPoolContract } from "./support/tenant-pool.contract";
import { useStratum } from "./support/use-stratum";
import { ROWS } from "./support/use-tenant-tables";

const STRATEGIES: readonly IsolationStrategy[] = ["SHARED_RLS", "SCHEMA_PER_TENANT"];

describe("stratum.tenantPool()", () => {
  const t = useStratum({}, { tenantTables: DECLARED });
  const tenants = new Map<IsolationStrategy, { a: string; b: string }>();
  let pool: TenantPool;

  beforeAll(async () => {
    pool = await t.stratum.tenantPool();
    for (const isolation_strategy of STRATEGIES) {
      const [a, b] = await Promise.all(
        ["a", "b"].map(async (name) => {
          const { id } = await t.stratum.createTenant({ name, isolation_strategy });
          await withTenantContext(pool, id, (client) =>
            client.query(
              "insert into orders (note, amount) select 'seeded', n from generate_series(1, $1::int) as n",
              [ROWS],
            ),
          );
          return id;
        }),
      );
      tenants.set(isolation_strategy, { a: a!, b: b! });
    }
  });

  for (const strategy of STRATEGIES) {
    tenantPoolContract(strategy, () => ({ pool, ...tenants.get(strategy)! }));
  }
  tenantPoolContract("one tenant of each kind", () => ({
    ...{ pool, a: tenants.get("SHARED_RLS")!.a, b: tenants.get("SCHEMA_PER_TENANT")!.b },
  }));
});
