import { migrate } from "@stratum-hq/lib";
import { Pool } from "pg";

/**
 * Migrates the database of its argument, as a process of its own, once its parent opens the gate: an
 * advisory lock, so that processes which take unequal time to start migrate at the same moment.
 */
async function main(): Promise<void> {
  const pool = new Pool({ connectionString: process.argv[2], max: 1 });
  await pool.query("select pg_advisory_xact_lock_shared($1)", [process.argv[3]]);
  await migrate(pool);
  await pool.end();
}

void main();
