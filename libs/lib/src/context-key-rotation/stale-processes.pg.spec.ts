import { setTimeout as sleep } from "node:timers/promises";
import { Stratum, withTenantContext, type KeyProvider, type Tenant } from "@stratum-hq/lib";
import { Test } from "@nestjs/testing";
import { DECLARED } from "../../../../test/support/declared-tables";
import { withShortOverlaps } from "../../../../test/support/short-overlaps";
import { TestKms } from "../../../../test/support/test-kms";
import { codeOf, useStratum } from "../../../../test/support/use-stratum";
import { Clock } from "../persistence/clock";
import type { ServiceHost } from "../stratum";
import { StratumServicesModule } from "../stratum-services.module";

const INSERT = "insert into orders (note) values ('x')";

/** The clocks of a machine that sleeps, or whose time is set. */
class OddClock extends Clock {
  readonly #started = performance.now();
  ahead = { monotonic: 0, now: 0 };

  override now(): number {
    return 1_764_000_000_000 + this.ahead.now;
  }

  override monotonic(): number {
    return this.#started + this.ahead.monotonic;
  }
}

/** A Stratum on such a machine. */
class OddStratum extends Stratum {
  readonly clock = new OddClock();

  protected override async boot(
    options: ConstructorParameters<typeof Stratum>[0],
  ): Promise<ServiceHost> {
    const module = Test.createTestingModule({ imports: [StratumServicesModule.forRoot(options)] });
    return (await module.overrideProvider(Clock).useValue(this.clock).compile()).init();
  }
}

describe("a process that has slept while the signing key was replaced", () => {
  const kms = new TestKms();
  const options = { tenantTables: DECLARED, keyProvider: kms };
  const t = useStratum({}, options);
  const opened: Stratum[] = [];
  const tenants: Tenant[] = [];

  beforeAll(async () => {
    for (const isolation_strategy of ["SHARED_RLS", "DB_PER_TENANT"] as const) {
      const name = isolation_strategy;
      tenants.push(await t.stratum.createTenant({ name, isolation_strategy }));
    }
    await t.stratum.tenantPool();
  });
  afterAll(() => Promise.all(opened.map((stratum) => stratum.close())));

  const rotate = () => withShortOverlaps(t, 0, () => t.stratum.rotateContextKey());
  const insert = async (by: Stratum, { id }: Tenant) =>
    codeOf(withTenantContext(await by.tenantPool(), id, (client) => client.query(INSERT)));
  const keys = () => t.rows("select key_id from stratum.context_keys");

  it.each([
    ["the monotonic clock stood still", { monotonic: 0, now: 60_000 }],
    ["the clock was set back", { monotonic: 10, now: -60_000 }],
    ["the clock was stopped", { monotonic: 60_000, now: 0 }],
  ])("looks before it signs, where %s", async (_, ahead) => {
    const stratum = new OddStratum({ ...options, pool: t.database.newPool({ max: 2 }) });
    opened.push(stratum);
    for (const tenant of tenants) expect(await insert(stratum, tenant)).toBe("ok");
    await rotate();
    stratum.clock.ahead = ahead;
    for (const tenant of tenants) expect(await insert(stratum, tenant)).toBe("ok");
  });

  it("does not bring a retired key back, where it had read that before: it installs the current one", async () => {
    let release: () => void = () => undefined;
    const state = { held: false };
    const held = new Promise<void>((resolve) => (release = resolve));
    const slow: KeyProvider = {
      currentKeyId: () => kms.currentKeyId(),
      wrap: (...args) => kms.wrap(...args),
      unwrap: async (...args) => {
        state.held = true;
        await held;
        return kms.unwrap(...args);
      },
    };
    const pool = t.database.newPool({ max: 3 });
    const stratum = new Stratum({ ...options, pool, keyProvider: slow });
    opened.push(stratum);
    const opening = stratum.tenantPool();
    while (!state.held) await sleep(1);
    const { key_id } = await rotate();
    release();
    await opening;
    expect(await keys()).toEqual([{ key_id }]);
    for (const tenant of tenants) expect(await insert(stratum, tenant)).toBe("ok");
    expect(await keys()).toEqual([{ key_id }]);
  });

  it("keeps the key that it installs from being replaced until it is installed", async () => {
    const own = tenants[1]!;
    const url = new URL(t.database.url);
    url.pathname = `/stratum_${own.id.replaceAll("-", "")}`;
    const blocker = await t.database.newPool({ connectionString: url.toString() }).connect();
    await blocker.query("delete from stratum.context_keys");
    await blocker.query("begin; lock table stratum.context_keys in share row exclusive mode");
    const stratum = new Stratum({ ...options, pool: t.database.newPool({ max: 3 }) });
    opened.push(stratum);
    const serving = insert(stratum, own);
    const waiting = () =>
      t.rows("select from pg_stat_activity where wait_event_type = 'Lock' and datname = $1", [
        url.pathname.slice(1),
      ]);
    while ((await waiting()).length === 0) await sleep(1);
    const replacing = t.rows(
      "select from stratum.platform_secrets where name = 'context_signing_key' for update nowait",
    );
    expect(await codeOf(replacing)).toBe("55P03");
    await blocker.query("rollback");
    blocker.release();
    expect(await serving).toBe("ok");
  });
});
