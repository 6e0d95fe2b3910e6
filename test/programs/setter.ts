import { Stratum } from "@stratum-hq/lib";
import { Pool } from "pg";

/** Sets a key to "written" once its parent process says so, in a process of its own. */
async function main(): Promise<void> {
  const [url, tenantId, key] = process.argv.slice(2) as [string, string, string];
  const pool = new Pool({ connectionString: url, max: 2 });
  const stratum = new Stratum({ pool });
  await stratum.setConfig(tenantId, key, { value: "written" });
  console.log("done");
  await stratum.close();
  await pool.end();
}

void main();
