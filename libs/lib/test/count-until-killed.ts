import { writeSync } from "node:fs";
import { Pool } from "pg";
import { CountingHandler, operationsProcess } from "./operations-process";

/** Runs operations of a hundred steps, one after the other, and names each as it starts, until it is killed. */
async function main(): Promise<void> {
  const pool = new Pool({ connectionString: process.argv[2], max: 1 });
  const own = await operationsProcess({ pool });
  own.runner.register(new CountingHandler("killed", 100));
  for (;;) {
    const operation = await own.begin({ total: 100 });
    writeSync(1, `${operation.id}\n`);
    await own.runner.run(operation);
  }
}

void main();
