import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { Stratum, withTenantContext } from "@stratum-hq/lib";
import { runChild } from "./support/child";
import { DECLARED } from "./support/declared-tables";
import { times } from "./support/scale";
import { useStratum } from "./support/use-stratum";

const PROGRAM = join(__dirname, "programs", "provision-until-killed.ts");
const KILLS = times(8, 60);

interface Unfinished {
  readonly type: string;
  readonly done: number;
}

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

  async function killOne(): Promise<void> {
    const child = runChild(PROGRAM, [t.database.url]);
    const kill = sleep(Math.random() * 700);
    let begun = false;
    for await (const line of child.lines) {
      if (line !== "begins" || begun) continue;
      begun = true;
      void kill.then(() => child.process.kill("SIGKILL"));
    }
    expect((await child.ended).signal).toBe("SIGKILL");
    const found = await t.rows<Unfinished>(
      `select type, (progress->>'done')::int as done from stratum.operations where state = 'running'`,
    );
    left.push(...found.map(({ type, done }) => `${type} after ${done}`));
    // Nobody waits half a minute for it to count as abandoned.
    await t.rows("update stratum.operations set heartbeat_at = 'epoch' where state = 'running'");
  }

  it(`no active tenant is without its database, and no database without its tenant (${KILLS} kills)`, async () => {
    for (let n = 0; n < KILLS; n += 1) await killOne();
    const heir = new Stratum({ pool: t.pool, tenantTables: DECLARED });
    const { data } = await heir.listOperations({ state: "running", limit: 1000 });
    for (const { id } of data) await heir.resumeOperation(id);
    console.log(`${KILLS} kills left ${left.length} operations: ${left.sort().join(", ")}`);
    expect(left.length).toBeGreaterThan(0);
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
