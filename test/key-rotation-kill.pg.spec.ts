import { MasterKeyring, Stratum, type Tenant } from "@stratum-hq/lib";
import { randomBytes } from "node:crypto";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { runChild } from "./support/child";
import { times } from "./support/scale";
import { useStratum } from "./support/use-stratum";

const PROGRAM = join(__dirname, "programs", "rotate-keys.ts");
const KILLS = times(5, 30);
const TENANTS = times(150, 1000);
const VALUES = 3;

describe("a rotation of keys killed with -9", () => {
  const t = useStratum();
  const keys = Array.from({ length: 5 }, () => randomBytes(32).toString("base64"));
  const tenants: Tenant[] = [];
  let reader: Stratum;

  beforeAll(async () => {
    const provider = new MasterKeyring(keys);
    reader = new Stratum({ pool: t.pool, keyProvider: provider, cacheSize: 0, worker: false });
    for (let n = 0; n < TENANTS; n += 1) {
      const tenant = await reader.createTenant({ name: `t ${n}` });
      const entries = Array.from({ length: n === 0 ? 300 : VALUES }, (_, k) => ({
        ...{ key: `k${k}`, value: `secret ${n} ${k}`, sensitive: true },
      }));
      await reader.batchSetConfig(tenant.id, entries);
      tenants.push(tenant);
    }
  });
  afterAll(() => reader.close());

  /** Runs the program with one of the keys as the current one, and kills it, if it is to be, within a while. */
  async function rotate(current: string, killWithin: number | null): Promise<boolean> {
    const env = {
      ...process.env,
      STRATUM_MASTER_KEY: current,
      STRATUM_MASTER_KEY_PREVIOUS: keys.join(","),
    };
    const ids = tenants.slice(0, 3).map(({ id }) => id);
    const child = runChild(PROGRAM, [t.database.url, ...ids], { env });
    let last = "";
    for await (const line of child.lines) {
      if (last === "" && killWithin !== null) {
        void sleep(Math.random() * killWithin).then(() => child.process.kill("SIGKILL"));
      }
      last = line;
    }
    const { stderr } = await child.ended;
    expect(stderr).toBe("");
    return last === "done";
  }

  async function wrong(tenant: Tenant, n: number): Promise<unknown[]> {
    const config = await reader.resolveConfig(tenant.id);
    expect(Object.keys(config)).toHaveLength(n === 0 ? 300 : VALUES);
    return Object.values(config).filter(
      ({ key, value }) => value !== `secret ${n} ${key.slice(1)}`,
    );
  }

  it(`leaves every value readable at every moment, and completes when it is run again (${KILLS} kills)`, async () => {
    const rotation = { ended: false };
    let reads = 0;
    const reading = (async () => {
      while (!rotation.ended) {
        const n = reads % tenants.length;
        expect(await wrong(tenants[n] as Tenant, n)).toEqual([]);
        reads += 1;
      }
    })();
    let runs = 0;
    for (let killed = 0; killed < KILLS; runs += 1) {
      // The shortest of them ends before a run does, the longest after.
      if (!(await rotate(keys[runs % keys.length] as string, 20 + (runs % 5) * 200))) killed += 1;
    }
    const current = keys[0] as string;
    expect(await rotate(current, null)).toBe(true);
    rotation.ended = true;
    await reading;
    for (const [n, tenant] of tenants.entries()) expect(await wrong(tenant, n)).toEqual([]);
    const wrappedBy = await t.rows("select distinct master_key_id as id from stratum.tenant_keys");
    expect(wrappedBy).toEqual([{ id: await new MasterKeyring([current]).currentKeyId() }]);
    const versions = await t.rows(
      `select k.tenant_id from stratum.tenant_keys as k
       where tenant_id = any($1::uuid[]) group by 1 having count(*) <> 1`,
      [tenants.slice(0, 3).map(({ id }) => id)],
    );
    expect(versions).toEqual([]);
    console.log(
      `key rotation: ${runs} runs, ${KILLS} of them killed under way, ${reads} reads meanwhile`,
    );
  });
});
