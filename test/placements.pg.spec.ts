import { randomBytes } from "node:crypto";
import {
  Stratum,
  withTenantContext,
  type IsolationStrategy,
  type TenantPool,
} from "@stratum-hq/lib";
import { DECLARED } from "./support/declared-tables";
import { tenantPoolContract } from "./support/tenant-pool.contract";
import { useStratum } from "./support/use-stratum";
import { ROWS } from "./support/use-tenant-tables";

const STRATEGIES: readonly IsolationStrategy[] = ["SHARED_RLS", "SCHEMA_PER_TENANT"];

describe.each(["one login", "tenantPool of a hardened login"])(
  "stratum.tenantPool(), %s",
  (login) => {
    // Before the fixture ends its pool.
    afterAll(async () => {
      if (login === "one login") return;
      await stratum.close();
      await t.rows("select pg_terminate_backend(pid) from pg_stat_activity where usename = $1", [
        hardened,
      ]);
      await t.rows(`drop owned by ${hardened}`);
      await t.rows(`drop role ${hardened}`);
    });
    const t = useStratum({}, { tenantTables: DECLARED });
    const hardened = `stratum_test_apart_${randomBytes(5).toString("hex")}`;
    const tenants = new Map<IsolationStrategy, { a: string; b: string }>();
    let stratum: Stratum;
    let pool: TenantPool;

    beforeAll(async () => {
      stratum = login === "one login" ? t.stratum : await hardenedStratum();
      pool = await stratum.tenantPool();
      for (const isolation_strategy of STRATEGIES) {
        const [a, b] = await Promise.all(
          ["a", "b"].map(async (name) => {
            const { id } = await stratum.createTenant({ name, isolation_strategy });
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

    async function hardenedStratum(): Promise<Stratum> {
      await t.rows(`create role ${hardened} login password 'x'`);
      await t.rows(`grant stratum_tenant to ${hardened} with inherit true, set true`);
      await t.rows(`revoke temporary on database ${t.database.name} from public`);
      const url = new URL(t.database.url);
      Object.assign(url, { username: hardened, password: "x" });
      const tenantPool = t.database.newPool({ connectionString: url.toString() });
      return new Stratum({ pool: t.pool, tenantPool, tenantTables: DECLARED });
    }

    for (const strategy of STRATEGIES) {
      tenantPoolContract(strategy, () => ({ pool, ...tenants.get(strategy)! }));
    }
    tenantPoolContract("one tenant of each kind", () => ({
      ...{ pool, a: tenants.get("SHARED_RLS")!.a, b: tenants.get("SCHEMA_PER_TENANT")!.b },
    }));
  },
);
