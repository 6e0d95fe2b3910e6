import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { runChild } from "./support/child";
import { brokenInvariants, NONE_BROKEN } from "./support/rivals";
import { times } from "./support/scale";
import { useStratum } from "./support/use-stratum";

const PROGRAM = join(__dirname, "programs", "mutate-until-killed.ts");
const KILLS = times(6, 50);
const AT_ONCE = 3;

interface Returned {
  readonly tenant: string;
  readonly key?: string;
  readonly version: number;
}

describe("a process killed with -9 in the middle of its changes", () => {
  const t = useStratum();
  const returned: Returned[] = [];

  async function killOne(): Promise<void> {
    const child = runChild(PROGRAM, [t.database.url]);
    let lines = 0;
    let timer: Promise<void> | undefined;
    for await (const line of child.lines) {
      returned.push(JSON.parse(line) as Returned);
      lines += 1;
      timer ??= sleep(Math.random() * 400).then(() => void child.process.kill("SIGKILL"));
    }
    await timer;
    expect((await child.ended).signal).toBe("SIGKILL");
    expect(lines).toBeGreaterThan(0);
  }

  it(`has lost nothing that returned, and half-written nothing (${KILLS} kills)`, async () => {
    for (let killed = 0; killed < KILLS; killed += AT_ONCE) {
      await Promise.all(Array.from({ length: Math.min(AT_ONCE, KILLS - killed) }, killOne));
    }
    await settled();
    console.log(`kill -9: ${KILLS} processes, ${returned.length} changes returned`);
    expect(await brokenInvariants(t.pool)).toEqual(NONE_BROKEN);
    expect(await missing()).toEqual([]);
    expect(await unbalanced()).toEqual([]);
  });

  /** Waits for the server to notice that the clients are gone. */
  async function settled(): Promise<void> {
    for (;;) {
      const [others] = await t.rows<{ n: number }>(
        `select count(*)::int as n from pg_stat_activity where datname = current_database()
           and state in ('active', 'idle in transaction') and pid <> pg_backend_pid()`,
      );
      if (others?.n === 0) return;
      await sleep(50);
    }
  }

  /** Calls that returned and have no audit row or no event with their version. */
  function missing(): Promise<unknown[]> {
    return t.rows(
      `select r.* from jsonb_to_recordset($1::jsonb) as r(tenant uuid, key text, version int)
       where not exists (
         select from stratum.audit_logs as a
         join stratum.webhook_events as e using (operation_id, tenant_id)
         where a.tenant_id = r.tenant and a.resource_id = coalesce(r.key, r.tenant::text)
           and (a.after_state ->> 'version')::int = r.version
           and e.type = a.action and (e.data ->> 'version')::int = r.version)`,
      [JSON.stringify(returned)],
    );
  }

  /** Rows whose version is not the number of their audit rows and of their events, and the reverse. */
  function unbalanced(): Promise<unknown[]> {
    return t.rows(`
      with row as (
        select id as tenant_id, id::text as resource, version from stratum.tenants
        union all
        -- What a tenant was created with stands in that tenant's own row.
        select e.tenant_id, e.key, e.version from stratum.config_entries as e
        join stratum.tenants as t on t.id = e.tenant_id and t.depth < 2),
      audit as (
        select tenant_id, resource_id as resource, count(*)::int as n, max((after_state ->> 'version')::int) as top
        from stratum.audit_logs group by 1, 2),
      event as (
        select tenant_id, coalesce(data ->> 'key', tenant_id::text) as resource, count(*)::int as n
        from stratum.webhook_events
        where type <> 'config.updated' or tenant_id in (select id from stratum.tenants where depth < 2)
        group by 1, 2)
      select * from row full join audit using (tenant_id, resource) full join event using (tenant_id, resource)
      where version is distinct from audit.n or version is distinct from event.n
         or version is distinct from audit.top`);
  }
});
