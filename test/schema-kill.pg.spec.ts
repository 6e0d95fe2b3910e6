import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { runChild } from "./support/child";
import { brokenSchemas } from "./support/broken-schemas";
import { DECLARED } from "./support/declared-tables";
import { times } from "./support/scale";
import { useStratum } from "./support/use-stratum";

const PROGRAM = join(__dirname, "programs", "create-until-killed.ts");
const PURGER = join(__dirname, "programs", "purge-until-killed.ts");
const KILLS = times(4, 40);

describe("tenants with schemas of their own, created by processes that are killed with -9", () => {
  const t = useStratum({}, { tenantTables: DECLARED, worker: false });

  it("are there with all of their tables, or neither is", async () => {
    await t.stratum.initialize();
    const counts: number[] = [];
    for (let kill = 0; kill < KILLS; kill += 1) {
      const child = runChild(PROGRAM, [t.database.url]);
      for await (const line of child.lines) if (line === "created") break;
      await sleep(Math.random() * 100);
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

  it("are purged to the end by whoever goes on, and leave no schema", async () => {
    const own = { isolation_strategy: "SCHEMA_PER_TENANT" } as const;
    const root = await t.stratum.createTenant({ name: "doomed", ...own });
    const schemas = times(80, 400);
    for (let left = schemas; left > 0; left -= 40) {
      const items = Array.from({ length: 40 }, (_, n) => ({
        name: `${left} ${n}`,
        parent_id: root.id,
      }));
      expect((await t.stratum.batchCreateTenants(items)).errors).toEqual([]);
    }
    const purges = async (state: "running" | "succeeded") =>
      (await t.stratum.listOperations({ type: "purge", state })).data;
    let kills = 0;
    while (kills < KILLS && (await purges("succeeded")).length === 0) {
      // This program declares no tables: it finds them by their policies.
      const child = runChild(PURGER, [t.database.url, root.id]);
      for await (const line of child.lines) {
        if (line === "begins")
          void sleep(Math.random() * 200).then(() => child.process.kill("SIGKILL"));
      }
      if ((await child.ended).signal === "SIGKILL") kills += 1;
      await untilNobodyElse();
      expect(await brokenSchemas(t.pool)).toEqual([]);
      await t.rows("update stratum.operations set heartbeat_at = 'epoch' where state = 'running'");
    }
    const [running] = await purges("running");
    if (running !== undefined) await t.stratum.resumeOperation(running.id);
    else if (kills === KILLS && (await purges("succeeded")).length === 0) {
      await t.stratum.purgeTenant(root.id, { subtree: true });
    }
    console.log(`purged after ${kills} kills`);
    expect((await t.stratum.getPurgeCertificate(root.id)).deleted.schemas).toBe(schemas + 1);
    expect(await brokenSchemas(t.pool)).toEqual([]);
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
