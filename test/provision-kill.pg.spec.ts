import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { Stratum, withTenantContext } from "@stratum-hq/lib";
import { runChild } from "./support/child";
import { DECLARED } from "./support/declared-tables";
import { times } from "./support/scale";
import { useStratum } from "./support/use-stratum";

const PROGRAM = join(__dirname, "programs", "provision-until-killed.ts");
const KILLS = times(10, 100);

/** The steps of making a database, and the one that drops it. */
const POINTS = [0, 1, 2, 3].map((done) => `provision after ${done}`).concat("purge after 0");

describe("tenants with databases of their own, whose process is killed with -9 again and again", () => {
  const t = useStratum({}, { tenantTables: DECLARED });
  /** The operations that each kill left unfinished, as `type after so many steps`. */
  const left: string[] = [];

  /** Those of the tenants that there are, and that there were. */
  const databases = async (): Promise<string[]> =>
    (
      await t.rows<{ name: string }>(
        `select datname as name from pg_database
         where datname in (select 'stratum_' || replace(id::text, '-', '')
           from (select id from stratum.tenants union select tenant_id from stratum.purged_tenants))
         order by 1`,
      )
    ).map(({ name }) => name);

  beforeAll(() => t.stratum.initialize());

  async function unfinished(): Promise<string[]> {
    const found = await t.rows<{ point: string }>(
      `select type || ' after ' || (progress->>'done') as point from stratum.operations
       where state = 'running' and heartbeat_at > 'epoch'`,
    );
    return found.map(({ point }) => point);
  }

  /** Kills a process in the step that follows a point, or soon after. */
  async function killAt(point: string): Promise<void> {
    const child = runChild(PROGRAM, [t.database.url]);
    while (!(await unfinished()).includes(point)) await sleep(1);
    await sleep(Math.random() * 40);
    child.process.kill("SIGKILL");
    expect((await child.ended).signal).toBe("SIGKILL");
    left.push(...(await unfinished()));
    // Nobody waits half a minute for it to count as abandoned.
    await t.rows("update stratum.operations set heartbeat_at = 'epoch' where state = 'running'");
  }

  it(`no active tenant is without its database, and no database without its tenant (${KILLS} kills)`, async () => {
    for (let n = 0; n < KILLS; n += 1) await killAt(POINTS[n % POINTS.length]!);
    const heir = new Stratum({ pool: t.pool, tenantTables: DECLARED });
    const { data } = await heir.listOperations({ state: "running", limit: 1000 });
    for (const { id } of data) await heir.resumeOperation(id);
    console.log(`${KILLS} kills left ${left.length} operations: ${left.sort().join(", ")}`);
    expect(new Set(left).size).toBeGreaterThan(2);
    const tenants = await t.rows<{ id: string; status: string }>(
      "select id, status from stratum.tenants",
    );
    expect(tenants.length).toBeGreaterThan(0);
    expect(tenants.filter(({ status }) => status !== "active")).toEqual([]);
    const names = tenants.map(({ id }) => `stratum_${id.replaceAll("-", "")}`).sort();
    expect(await databases()).toEqual(names);
    const pool = await heir.tenantPool();
    for (const { id } of tenants) {
      await withTenantContext(pool, id, (client) =>
        client.query("insert into orders (note) values ('there')"),
      );
    }
    await heir.close();
  });
});
