import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { Tenant } from "@stratum-hq/lib";
import { runChild } from "./support/child";
import { SOAK, times } from "./support/scale";
import { useStratum } from "./support/use-stratum";

const PROGRAM = join(__dirname, "programs", "purge-until-killed.ts");
const KILLS = times(3, 20);
const TENANTS = times(500, 2000);

describe(`the purge of ${TENANTS} tenants, killed with -9 again and again`, () => {
  // It is to be gone on with by the next process that is killed.
  const t = useStratum({}, { worker: false });
  let root: Tenant;
  let doomed: Tenant;
  /** Tenants gone when each process was killed; -1 for before the purge had begun. */
  const points: number[] = [];

  beforeAll(async () => {
    const g = await t.grow(["root", ["doomed"], ["elsewhere"]]);
    [root, doomed] = [g.root!, g.doomed!];
    // Ten levels, so that what is taken away goes from the leaves up.
    let parents = [doomed.id];
    for (let left = TENANTS - 1; left > 0;) {
      const size = Math.min(left, Math.ceil((TENANTS - 1) / 10));
      const items = Array.from({ length: size }, (_, n) => ({
        ...{ name: `t${left}_${n}`, parent_id: parents[n % parents.length]!, config: { k: n } },
      }));
      const { created, errors } = await t.stratum.batchCreateTenants(items);
      expect(errors).toEqual([]);
      parents = created.map(({ id }) => id);
      left -= size;
    }
    await t.stratum.setConfig(doomed.id, "s", { value: "hush", sensitive: true });
    await t.rows(
      `insert into stratum.usage_events (id, tenant_id, metric)
       select gen_random_uuid(), id, 'm' from stratum.tenants, generate_series(1, 20) where id <> $1`,
      [root.id],
    );
  });

  /** Ends with whether the process was killed while the purge was under way. */
  async function killOne(): Promise<boolean> {
    const child = runChild(PROGRAM, [t.database.url, doomed.id]);
    for await (const line of child.lines) {
      if (line === "begins")
        void sleep(Math.random() * 120).then(() => child.process.kill("SIGKILL"));
    }
    const { signal } = await child.ended;
    // Nobody waits half a minute for it to count as abandoned.
    await t.rows("update stratum.operations set heartbeat_at = 'epoch' where state = 'running'");
    const { data } = await t.stratum.listOperations({ type: "purge" });
    points.push(data[0]?.progress.done ?? -1);
    return signal === "SIGKILL" && data[0]?.state === "running";
  }

  async function isDone(): Promise<boolean> {
    const { data } = await t.stratum.listOperations({ type: "purge", state: "succeeded" });
    return data.length > 0;
  }

  it(`goes on to its end, leaves nothing, and keeps nobody waiting (${KILLS} kills)`, async () => {
    const purge = { ends: false };
    const waits: number[] = [];
    const creating = (async () => {
      for (let n = 0; !purge.ends; n += 1) {
        const started = performance.now();
        await t.stratum.createTenant({ name: `new ${n}`, parent_id: root.id });
        waits.push(performance.now() - started);
        await sleep(1);
      }
    })();
    let kills = 0;
    while (kills < KILLS && !(await isDone())) if (await killOne()) kills += 1;
    const { data } = await t.stratum.listOperations({ type: "purge", state: "running" });
    if (data[0] !== undefined) await t.stratum.resumeOperation(data[0].id);
    purge.ends = true;
    await creating;
    const longest = Math.max(...waits).toFixed(0);
    console.log(
      `purge of ${TENANTS}: ${kills} kills, at ${points.join()}; ${waits.length} creates beside it, ` +
        `the longest of ${longest} ms`,
    );
    expect(kills).toBeGreaterThan(0);
    expect(waits.length).toBeGreaterThan(kills);
    const certificate = await t.stratum.getPurgeCertificate(doomed.id);
    expect(certificate).toMatchObject({
      tenants: TENANTS,
      deleted: {
        ...{ tenants: TENANTS, config_entries: TENANTS, usage_events: TENANTS * 20 },
        tenant_keys: 1,
      },
    });
    expect(certificate.key_ids).toHaveLength(1);
    const left = await t.rows<{ table: string; n: number }>(
      ["tenants", "config_entries", "usage_events", "audit_logs", "webhook_events"]
        .map(
          (table) => `select '${table}' as table, count(*)::int as n from stratum.${table} as r
            where exists (select from stratum.purged_tenants as p
                          where r::text like '%' || p.tenant_id || '%')`,
        )
        .slice(0, SOAK ? 3 : 5)
        .join(" union all "),
    );
    const telling = left.filter(({ n }) => n > 0).map(({ table, n }) => `${table} ${n}`);
    // What tells of the purge itself: its beginning and its end.
    expect(telling.sort()).toEqual(SOAK ? [] : ["audit_logs 2", "webhook_events 1"]);
  });
});
