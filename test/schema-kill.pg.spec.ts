import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { runChild } from "./support/child";
import { brokenSchemas } from "./support/broken-schemas";
import { DECLARED } from "./support/declared-tables";
import { times } from "./support/scale";
import { useStratum } from "./support/use-stratum";

const PROGRAM = join(__dirname, "programs", "create-until-killed.ts");
const KILLS = times(4, 40);

describe("tenants with schemas of their own, created by processes that are killed with -9", () => {
  const t = useStratum({}, { tenantTables: DECLARED });

  it("are there with all of their tables, or neither is", async () => {
    await t.stratum.initialize();
    const counts: number[] = [];
    for (let kill = 0; kill < KILLS; kill += 1) {
      const child = runChild(PROGRAM, [t.database.url]);
      for await (const line of child.lines) if (line === "begins") break;
      await sleep(100 + Math.random() * 400);
      child.process.kill("SIGKILL");
      expect((await child.ended).signal).toBe("SIGKILL");
      await untilNobodyElse();
      expect(await brokenSchemas(t.pool)).toEqual([]);
      const [{ n } = { n: 0 }] = await t.rows<{ n: number }>(
        "select count(*)::int as n from stratum.tenants",
      );
      counts.push(n);
    }
    console.log(`${KILLS} kills, after which there were ${counts.join()} tenants`);
    expect(counts.at(-1)).toBeGreaterThan(0);
  });

  /** The server notices a dead client when it next speaks to it. */
  async function untilNobodyElse(): Promise<void> {
    for (;;) {
      const others = await t.rows(
        `select from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()
           and application_name = '' and state <> 'idle'`,
      );
      if (others.length === 0) return;
      await sleep(20);
    }
  }
});
