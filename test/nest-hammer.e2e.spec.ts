import { hammer, type Tally } from "./support/hammer";
import { outlived } from "./support/hammered-controller";
import { useHammeredDeployment, type Reached } from "./support/hammered-deployment";
import { HammeredRows } from "./support/hammered-rows";
import { hasPgBouncer, startPgBouncer, type PgBouncer } from "./support/pgbouncer";
import { SOAK, times } from "./support/scale";
import { FRAMEWORKS } from "./support/tenant-app";
import { LOGINS } from "./support/use-tenant-tables";

const CLIENTS = 200;
const SECONDS = times(2, 60);
/** Connections of a pooler to each database, which all clients share. */
const POOLED = 3;

const WAYS = {
  "twenty connections": { max: 20, preparedStatements: "auto" },
  "one connection": { max: 1, preparedStatements: "auto" },
  "PgBouncer in transaction mode": { max: 20, preparedStatements: "off" },
} as const;
type Way = keyof typeof WAYS;

/**
 * Each login in each way, and each framework with all of them; in `npm test` every other one, in which each login
 * and each way is met by one framework at least, and each way by both.
 */
const VARIANTS = LOGINS.flatMap((login, row) =>
  (Object.keys(WAYS) as Way[]).map((way, column) => ({
    login,
    way,
    isOften: (row + column) % 2 === 1,
  })),
)
  .filter(({ isOften }) => SOAK || isOften)
  .map((variant, n) => ({ ...variant, framework: FRAMEWORKS[n % FRAMEWORKS.length]! }));

const installed = hasPgBouncer();
const isPooled = (way: Way): boolean => WAYS[way].preparedStatements === "off";
const runnable = VARIANTS.filter(({ way }) => installed || !isPooled(way));
if (!installed) {
  const skipped = VARIANTS.length - runnable.length;
  process.stdout.write(`${skipped} tests are skipped: PgBouncer is not installed.\n`);
}

describe(`${CLIENTS} clients of random tenants of all three kinds for ${SECONDS} s`, () => {
  const t = useHammeredDeployment();
  const bouncers: PgBouncer[] = [];
  let kept = 0;

  afterEach(() => Promise.all(bouncers.splice(0).map((bouncer) => bouncer.stop())));

  const through = async (url: string): Promise<string> => {
    const bouncer = await startPgBouncer(url, POOLED);
    bouncers.push(bouncer);
    return bouncer.url;
  };

  it.each(runnable)(
    "see no row of somebody else's: $framework, $login, $way",
    async ({ framework, login, way }) => {
      const reached: Reached = { framework, login, ...WAYS[way] };
      const app = await t.start(isPooled(way) ? { ...reached, through } : reached);
      const proof = await app.stratum.proveIsolation({ attacks: false });
      expect(proof).toMatchObject({ login, sound: true });
      outlived.seen.length = 0;
      outlived.refused = 0;
      const until = Date.now() + SECONDS * 1000;
      const tally = await hammer(app.url, t.senders, { clients: CLIENTS, until });
      await app.stop();
      print(`${framework}, ${login}, ${way}`, tally);
      checkAnswers(tally);
      checkOutlived();
      await checkDatabase(tally);
    },
    SECONDS * 1000 + 60_000,
  );

  function print(name: string, { requests, rows, written, statuses }: Tally): void {
    process.stdout.write(
      `${name}: ${requests} requests, ${rows} rows seen, ${written} written, ` +
        `${outlived.seen.length} reads beside a request, ${outlived.refused} refused after it; ` +
        `${JSON.stringify(statuses)}\n`,
    );
  }

  function checkAnswers({ foreign, requests, statuses }: Tally): void {
    expect(foreign).toEqual([]);
    expect(requests).toBeGreaterThan(CLIENTS);
    for (const [name, answered] of Object.entries(statuses)) {
      const written = name.startsWith("POST") ? "201" : "200";
      const expected = /failing|broken/.test(name) ? "500" : written;
      // Who waited for too long for a connection to a tenant's database was told so.
      const others = Object.keys(answered).filter((status) => !["0", "503"].includes(status));
      expect([name, others]).toEqual([name, [expected]]);
    }
  }

  function checkOutlived(): void {
    const besides = outlived.seen.flatMap(({ tenant, rows }) =>
      rows.filter((row) => row.tenant_id !== tenant || row.note !== tenant),
    );
    expect(besides).toEqual([]);
    expect(outlived.refused).toBeGreaterThan(0);
  }

  async function checkDatabase({ written }: Tally): Promise<void> {
    const rows = new HammeredRows(t.database);
    const before = kept;
    kept = 0;
    for (const { tenant } of t.senders) {
      const { id } = tenant;
      const own = await rows.of(tenant);
      expect(own.filter((row) => row.tenant_id !== id || row.note !== id)).toEqual([]);
      kept += own.length;
    }
    // Whose client went away may have been written all the same.
    expect(kept - before).toBeGreaterThanOrEqual(written);
    expect(await rows.strangers(t.senders.map(({ tenant }) => tenant))).toEqual([]);
  }
});
