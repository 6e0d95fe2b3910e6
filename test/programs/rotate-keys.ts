import { writeSync } from "node:fs";
import { Stratum } from "@stratum-hq/lib";
import { Pool } from "pg";

/** Rotates the master key, then the data keys of the tenants named, and says so; it may be killed at any moment. */
async function main(): Promise<void> {
  const [url, ...tenants] = process.argv.slice(2);
  const pool = new Pool({ connectionString: url, max: 4 });
  const stratum = new Stratum({ pool, worker: false });
  await stratum.initialize();
  writeSync(1, "started\n");
  await stratum.rotateEncryptionKey();
  for (const tenant of tenants) await stratum.rotateDataKey(tenant);
  writeSync(1, "done\n");
  await stratum.close();
  await pool.end();
}

void main();
