import { writeSync } from "node:fs";
import { Stratum } from "@stratum-hq/lib";
import { Pool } from "pg";
import { DECLARED } from "../support/declared-tables";

/** Creates tenants with databases of their own, and purges them, one after the other, until it is killed. */
async function main(): Promise<void> {
  const pool = new Pool({ connectionString: process.argv[2], max: 2 });
  const stratum = new Stratum({ pool, tenantTables: DECLARED });
  await stratum.initialize();
  for (let n = 0; ; n += 1) {
    writeSync(1, "begins\n");
    const isolation_strategy = "DB_PER_TENANT" as const;
    const { id } = await stratum.createTenant({ name: `t${process.pid}_${n}`, isolation_strategy });
    writeSync(1, "created\n");
    if (n % 2 === 0) await stratum.purgeTenant(id);
  }
}

void main();
