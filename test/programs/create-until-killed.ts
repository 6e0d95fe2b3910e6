import { writeSync } from "node:fs";
import { Stratum } from "@stratum-hq/lib";
import { Pool } from "pg";
import { DECLARED } from "../support/declared-tables";

/** Creates tenants with schemas of their own, one after the other and by batches, until it is killed. */
async function main(): Promise<void> {
  const pool = new Pool({ connectionString: process.argv[2], max: 4 });
  const stratum = new Stratum({ pool, tenantTables: DECLARED });
  await stratum.initialize();
  const own = { isolation_strategy: "SCHEMA_PER_TENANT" } as const;
  const each = Array.from({ length: 4 }, async (_, n) => {
    for (;;) {
      if (n > 0) await stratum.createTenant({ name: "one", ...own });
      else
        await stratum.batchCreateTenants(Array.from({ length: 5 }, () => ({ name: "b", ...own })));
      writeSync(1, "created\n");
    }
  });
  await Promise.all(each);
}

void main();
