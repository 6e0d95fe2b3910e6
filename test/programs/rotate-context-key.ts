import { writeSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { OperationInProgressError, Stratum } from "@stratum-hq/lib";
import { Pool } from "pg";
import { DECLARED } from "../support/declared-tables";

/** Replaces the signing key again and again, until it is killed. */
async function main(): Promise<void> {
  const pool = new Pool({ connectionString: process.argv[2], max: 2 });
  const stratum = new Stratum({ pool, tenantTables: DECLARED, worker: false });
  await stratum.initialize();
  for (;;) {
    writeSync(1, "begins\n");
    await stratum.rotateContextKey().catch(async (error: unknown) => {
      // What an earlier process has left is being finished.
      if (!(error instanceof OperationInProgressError)) throw error;
      await sleep(20);
    });
  }
}

void main();
