import { migrate } from "@stratum-hq/lib";
import { Pool } from "pg";

/** Migrates the database of its argument, as a process of its own. */
async function main(): Promise<void> {
  const pool = new Pool({ connectionString: process.argv[2], max: 1 });
  await migrate(pool);
  await pool.end();
}

void main();
