import { writeSync } from "node:fs";
import { Stratum } from "@stratum-hq/lib";
import { Pool } from "pg";

/** Purges the subtree of its second argument, or goes on with the purge that somebody began. */
async function main(): Promise<void> {
  const pool = new Pool({ connectionString: process.argv[2], max: 1 });
  const stratum = new Stratum({ pool });
  const { data } = await stratum.listOperations({ type: "purge", state: "running" });
  writeSync(1, "begins\n");
  if (data[0] === undefined) await stratum.purgeTenant(process.argv[3]!, { subtree: true });
  else await stratum.resumeOperation(data[0].id);
  writeSync(1, "done\n");
  await stratum.close();
  await pool.end();
}

void main();
