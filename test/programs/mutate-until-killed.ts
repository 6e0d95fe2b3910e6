import { writeSync } from "node:fs";
import { Stratum } from "@stratum-hq/lib";
import { Pool } from "pg";

/** Changes one thing after another and says so after each call returned, until it is killed. */
async function main(): Promise<void> {
  const pool = new Pool({ connectionString: process.argv[2], max: 4 });
  const stratum = new Stratum({ pool });
  const say = (line: object): void => void writeSync(1, `${JSON.stringify(line)}\n`);
  const root = await stratum.createTenant({ name: "Killed" });
  say({ tenant: root.id, version: root.version });
  const loop = async (lane: number): Promise<void> => {
    const child = await stratum.createTenant({ name: `lane ${lane}`, parent_id: root.id });
    say({ tenant: child.id, version: child.version });
    for (let n = 1; ; n += 1) {
      const renamed = await stratum.updateTenant(child.id, { name: `lane ${lane} ${n}` });
      say({ tenant: child.id, version: renamed.version });
      const entry = await stratum.setConfig(child.id, "n", { value: n });
      say({ tenant: child.id, key: "n", version: entry.version });
      if (n % 5 !== 0) continue;
      const grandchild = await stratum.createTenant({
        name: "g",
        parent_id: child.id,
        config: { n },
      });
      say({ tenant: grandchild.id, version: grandchild.version });
    }
  };
  await Promise.all([0, 1, 2].map(loop));
}

void main();
