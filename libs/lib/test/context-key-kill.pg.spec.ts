import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { Stratum, type Tenant } from "@stratum-hq/lib";
import { runChild } from "../../../test/support/child";
import { DECLARED } from "../../../test/support/declared-tables";
import { SOAK, times } from "../../../test/support/scale";
import { withShortOverlaps } from "../../../test/support/short-overlaps";
import { useStratum } from "../../../test/support/use-stratum";
import { QUICK_MS, QuickStratum } from "./quick-stratum";
import { serveTenants } from "./serve-tenants";

const PROGRAM = join(__dirname, "../../../test/programs/rotate-context-key.ts");
const PHASES = ["make", "install", "switch", "overlap", "retire", "clean"];
const ROUNDS = times(1, 10);
const OVERLAP_MS = QUICK_MS * 6;

describe("a rotation of the signing key killed with -9", () => {
  const t = useStratum({}, { tenantTables: DECLARED });
  const tenants: Tenant[] = [];
  const left: string[] = [];
  let server: Stratum;
  let heir: Stratum;

  const open = (): Stratum =>
    new QuickStratum({ pool: t.database.newPool({ max: 4 }), tenantTables: DECLARED });

  beforeAll(async () => {
    for (const isolation_strategy of [
      "SHARED_RLS",
      "SCHEMA_PER_TENANT",
      "DB_PER_TENANT",
      "DB_PER_TENANT",
    ] as const) {
      const name = `t ${tenants.length}`;
      tenants.push(await t.stratum.createTenant({ name, isolation_strategy }));
    }
    [server, heir] = [open(), open()];
    await heir.initialize();
    await t.rows("create table public.dawdle (phase text not null)");
    // When a step of the phase has done its work, and before it commits.
    await t.rows(`
      create function public.dawdle() returns trigger language plpgsql as $$
        begin
          perform pg_sleep(0.3) from public.dawdle as d
          where d.phase = coalesce(old.checkpoint->>'phase', 'make') and new.checkpoint <> old.checkpoint;
          return new;
        end $$`);
    await t.rows(
      `create trigger dawdle before update on stratum.operations for each row
       when (old.type = 'context_key_rotation') execute function public.dawdle()`,
    );
  });
  afterAll(async () => {
    await server.close();
    await heir.close();
  });

  const unfinished = () =>
    t.rows<{ id: string; phase: string }>(
      `select id, coalesce(checkpoint->>'phase', 'make') as phase from stratum.operations
       where type = 'context_key_rotation' and state = 'running'`,
    );
  const dawdling = async (): Promise<boolean> =>
    (await t.rows("select from pg_stat_activity where wait_event = 'PgSleep'")).length > 0;

  /** Kills a process: in a step of the phase, or at any moment. */
  async function kill(phase: string | null): Promise<void> {
    while ((await unfinished()).length > 0) await sleep(20);
    if (phase !== null) await t.rows("insert into public.dawdle values ($1)", [phase]);
    const child = runChild(PROGRAM, [t.database.url]);
    while ((await unfinished()).length === 0) await sleep(1);
    if (phase === null) await sleep(Math.random() * 100);
    else while (!(await dawdling())) await sleep(1);
    child.process.kill("SIGKILL");
    expect((await child.ended).signal).toBe("SIGKILL");
    await t.rows("delete from public.dawdle");
    left.push(...(await unfinished()).map((each) => each.phase));
    // Nobody waits half a minute for it to count as abandoned.
    await t.rows("update stratum.operations set heartbeat_at = 'epoch' where state = 'running'");
  }

  it(`is finished by whoever is alive, and no request fails meanwhile (${ROUNDS * PHASES.length * (SOAK ? 2 : 1)} kills)`, async () => {
    const state = { ended: false };
    const serving = serveTenants(server, tenants, state);
    await withShortOverlaps(t, OVERLAP_MS, async () => {
      for (let round = 0; round < ROUNDS; round += 1) {
        for (const phase of PHASES) {
          await kill(phase);
          if (SOAK) await kill(null);
        }
      }
      while ((await unfinished()).length > 0) await sleep(50);
    }).finally(() => (state.ended = true));
    const { requests, failures } = await serving;
    expect(failures).toEqual([]);
    console.log(`${left.length} rotations left, at ${left.join()}; ${requests} requests meanwhile`);
    expect(PHASES.filter((phase) => !left.includes(phase))).toEqual([]);
    const keys = "select key_id from stratum.context_keys";
    const [current] = await t.rows<{ key_id: string }>(keys);
    expect(await t.rows(keys)).toEqual([current]);
    for (const { id } of tenants.filter((each) => each.isolation_strategy === "DB_PER_TENANT")) {
      const url = new URL(t.database.url);
      url.pathname = `/stratum_${id.replaceAll("-", "")}`;
      const pool = t.database.newPool({ connectionString: url.toString(), max: 1 });
      expect((await pool.query(keys)).rows).toEqual([current]);
      await pool.end();
    }
    const kept = "select name from stratum.platform_secrets where name like 'context%'";
    expect(await t.rows(kept)).toEqual([{ name: "context_signing_key" }]);
    const switches = await t.rows(
      `select from (select resource_id from stratum.audit_logs where action = 'context_key.rotated'
         group by 1 having count(*) > 1) as twice`,
    );
    expect(switches).toEqual([]);
  });
});
