import { setTimeout as sleep } from "node:timers/promises";
import { Stratum, type StratumOptions, type Tenant } from "@stratum-hq/lib";
import type { PoolConfig } from "pg";
import { DECLARED } from "../../../../test/support/declared-tables";
import { times } from "../../../../test/support/scale";
import { withShortOverlaps } from "../../../../test/support/short-overlaps";
import { useHardenedLogin } from "../../../../test/support/use-hardened";
import { codeOf, useStratum } from "../../../../test/support/use-stratum";
import { QUICK_MS, QuickStratum } from "../../test/quick-stratum";
import { serveTenants } from "../../test/serve-tenants";

const ROTATIONS = times(4, 60);
/** Six times what a process trusts its knowledge for, as nobody's machine is that slow. */
const OVERLAP_MS = QUICK_MS * 6;
const INSERT = "insert into orders (note) values ($1) returning tenant_id";
const SELECT = "select tenant_id from orders limit 5";

describe("tenants that are served while the signing key is replaced", () => {
  const t = useStratum({}, { tenantTables: DECLARED });
  const opened: Stratum[] = [];
  const tenants: Tenant[] = [];

  const hardened = useHardenedLogin(t);

  const open = (
    config: PoolConfig = {},
    connectionBudget = 20,
    options: Partial<StratumOptions> = {},
  ): Stratum => {
    const pool = t.database.newPool({ max: 5, ...config });
    const stratum = new QuickStratum({
      ...{ pool, connectionBudget, tenantTables: DECLARED },
      ...options,
    });
    opened.push(stratum);
    return stratum;
  };

  beforeAll(async () => {
    for (const isolation_strategy of [
      "SHARED_RLS",
      "SCHEMA_PER_TENANT",
      "DB_PER_TENANT",
    ] as const) {
      for (const n of [1, 2]) {
        const name = `${isolation_strategy} ${n}`;
        tenants.push(await t.stratum.createTenant({ name, isolation_strategy }));
      }
    }
  });
  afterAll(async () => {
    await Promise.all(opened.map((stratum) => stratum.close()));
  });

  /** Keeps a client of each tenant, which nobody else looks for, and uses it now and then. */
  async function keep(stratum: Stratum, tenant: Tenant, state: { ended: boolean }) {
    const pool = await stratum.tenantPool();
    let uses = 0;
    await stratum.runInTenant(tenant.id, async () => {
      const client = await pool.connect();
      try {
        for (; !state.ended; uses += 1) {
          expect((await client.query(INSERT, ["kept"])).rows).toEqual([{ tenant_id: tenant.id }]);
          await client.transaction((tx) => tx.query(SELECT));
          await sleep(QUICK_MS * 2);
        }
      } finally {
        client.release();
      }
    });
    return uses;
  }

  it(`have no request fail, in several processes, also on one connection (${ROTATIONS} rotations)`, async () => {
    const state = { ended: false };
    const tenantPool = (): Partial<StratumOptions> => ({ tenantPool: hardened() });
    const servers = [open(), open({}, 20, tenantPool()), open({ max: 1 }, 1)];
    const serving = servers.map((each) => serveTenants(each, tenants, state));
    const keeping = tenants.flatMap((tenant) => [
      keep(open({ max: 1 }, 2), tenant, state),
      keep(open({ max: 1 }, 2, tenantPool()), tenant, state),
    ]);
    const rotator = open();
    const used = new Set<string>();
    await withShortOverlaps(t, OVERLAP_MS, async () => {
      for (let n = 0; n < ROTATIONS; n += 1) used.add((await rotator.rotateContextKey()).key_id);
    }).finally(() => (state.ended = true));
    const served = await Promise.all(serving);
    expect(served.flatMap(({ failures }) => failures)).toEqual([]);
    for (const uses of await Promise.all(keeping)) expect(uses).toBeGreaterThan(ROTATIONS);
    expect(used.size).toBe(ROTATIONS);
    expect(await t.rows("select key_id from stratum.context_keys")).toEqual([
      { key_id: [...used].at(-1) },
    ]);
    const requests = served.map((each) => each.requests);
    console.log(`${ROTATIONS} rotations, requests meanwhile: ${requests.join(", ")}`);
  });

  it("are served at once by a process that was idle while the key was replaced", async () => {
    const idle = open();
    const pool = await idle.tenantPool();
    const request = ({ id }: Tenant) => codeOf(idle.runInTenant(id, () => pool.query(SELECT)));
    for (const tenant of tenants) expect(await request(tenant)).toBe("ok");
    await withShortOverlaps(t, OVERLAP_MS, () => t.stratum.rotateContextKey());
    for (const tenant of tenants) expect(await request(tenant)).toBe("ok");
  });
});
