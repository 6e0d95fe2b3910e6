import { writeSync } from "node:fs";
import { Stratum, StratumError } from "@stratum-hq/lib";
import { Pool } from "pg";

/** Keeps a secret, or reads the one that an earlier run kept, with whatever master key it finds. */
async function main(): Promise<void> {
  const [url, slug = "", secret] = process.argv.slice(2);
  const pool = new Pool({ connectionString: url, max: 2 });
  const stratum = new Stratum({ pool });
  try {
    if (secret !== undefined) {
      const { id } = await stratum.createTenant({ name: slug, slug });
      await stratum.setConfig(id, "secret", { value: secret, sensitive: true });
    }
    const { id } = await stratum.getTenantBySlug(slug);
    const { secret: entry } = await stratum.resolveConfig(id);
    writeSync(1, `${JSON.stringify(entry?.error ?? entry?.value)}\n`);
  } catch (error) {
    if (!(error instanceof StratumError)) throw error;
    writeSync(1, `${JSON.stringify(error.code)}\n`);
  }
  await stratum.close();
  await pool.end();
}

void main();
