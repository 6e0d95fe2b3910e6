import type { Stratum } from "@stratum-hq/lib";
import { useStratum } from "../support/use-stratum";
import {
  brokenInvariants,
  deadlocks,
  NONE_BROKEN,
  race,
  rivals,
  type Rivals,
} from "../support/rivals";
import { times } from "../support/scale";

const ROUNDS = times(25, 400);

describe("concurrent operations", () => {
  const t = useStratum();
  let two: Rivals;
  let one: Stratum;
  let other: Stratum;

  beforeAll(() => {
    two = rivals(t.database);
    [one, other] = two.stratums as [Stratum, Stratum];
  });

  afterEach(async () => {
    expect(await brokenInvariants(t.pool)).toEqual(NONE_BROKEN);
  });

  async function repeat(round: (index: number) => Promise<void>): Promise<void> {
    for (let index = 0; index < ROUNDS; index += 1) await round(index);
  }

  it("two moves never close a cycle", async () => {
    await repeat(async () => {
      const g = await t.grow(["r", ["a", ["a1"]], ["b", ["b1"]]]);
      const codes = await race(
        () => one.moveTenant(g.a!.id, g.b1!.id),
        () => other.moveTenant(g.b!.id, g.a1!.id),
      );
      expect(codes.sort()).toEqual(["TENANT_CYCLE_DETECTED", "ok"]);
    });
  });

  it("a tenant created below a moving ancestor gets the path of where it went", async () => {
    // Three trees: a creation that waited for the first may find its parent on the way to the third.
    const g = await t.grow(["from", ["moving", ["child"]]]);
    const stops = [(await t.grow(["to"])).to!, (await t.grow(["on"])).on!, g.from!];
    await repeat(async (index) => {
      const [next, afterwards] = [stops[(2 * index) % 3]!, stops[(2 * index + 1) % 3]!];
      const codes = await race(
        () =>
          one
            .moveTenant(g.moving!.id, next.id)
            .then(() => one.moveTenant(g.moving!.id, afterwards.id)),
        ...Array.from(
          { length: 6 },
          (_, n) => () => other.createTenant({ name: `c${n}`, parent_id: g.child!.id }),
        ),
      );
      expect(codes).toEqual(codes.map(() => "ok"));
      expect(await brokenInvariants(t.pool)).toEqual(NONE_BROKEN);
    });
    expect((await t.stratum.getDescendants(g.moving!.id)).length).toBe(1 + 6 * ROUNDS);
  });

  it.each(["archiveTenant", "suspendTenant"] as const)(
    "%s and createTenant never leave an active child below",
    async (shut) => {
      await repeat(async () => {
        const g = await t.grow(["r", ["p"]]);
        const [shutting, creating] = await race(
          () => one[shut](g.p!.id),
          () => other.createTenant({ name: "c", parent_id: g.p!.id }),
        );
        expect([
          ["ok", shut === "archiveTenant" ? "TENANT_ARCHIVED" : "TENANT_SUSPENDED"],
          ["TENANT_HAS_CHILDREN", "ok"],
        ]).toContainEqual([shutting, creating]);
      });
    },
  );

  it("a move into a tenant that is being shut, or out of it, keeps every ancestor active", async () => {
    await repeat(async () => {
      const g = await t.grow(["r", ["a"], ["b", ["b1"]]]);
      await race(
        () => one.suspendTenant(g.a!.id),
        () => other.moveTenant(g.b1!.id, g.a!.id),
        () => other.archiveTenant(g.b!.id, { subtree: true }),
      );
      expect(await brokenInvariants(t.pool)).toEqual(NONE_BROKEN);
    });
  });

  it("resuming a child and suspending its parent agree", async () => {
    await repeat(async () => {
      const g = await t.grow(["r", ["c"]]);
      await t.stratum.suspendTenant(g.c!.id);
      await race(
        () => one.resumeTenant(g.c!.id),
        () => other.suspendTenant(g.r!.id),
      );
      expect(await brokenInvariants(t.pool)).toEqual(NONE_BROKEN);
    });
  });

  it("no override commits after the lock that forbids it", async () => {
    let overridden = 0;
    let refused = 0;
    const g = await t.grow(["r", ["m", ["leaf"]]]);
    await repeat(async (index) => {
      const key = `k${index}`;
      const [locking, overriding] = await race(
        () => one.setConfig(g.r!.id, key, { value: "root", locked: true }),
        () => other.setConfig(g.leaf!.id, key, { value: "leaf" }),
      );
      expect(locking).toBe("ok");
      if (overriding === "ok") overridden += 1;
      else refused += 1;
      const [late] = await t.rows<{ n: number }>(
        `select count(*)::int as n from stratum.config_entries as lock
         join stratum.config_entries as override using (key)
         where lock.key = $1 and lock.tenant_id = $2 and override.tenant_id = $3
           and pg_xact_commit_timestamp(override.xmin) > pg_xact_commit_timestamp(lock.xmin)`,
        [key, g.r!.id, g.leaf!.id],
      );
      expect(late?.n).toBe(0);
    });
    expect(overridden + refused).toBe(ROUNDS);
  });

  it("sixty-four siblings of one name get sixty-four slugs", async () => {
    const { parent } = await t.grow(["parent"]);
    const name = "Same Name";
    const codes = await race(
      ...Array.from(
        { length: 64 },
        (_, n) => () => (n % 2 ? one : other).createTenant({ name, parent_id: parent!.id }),
      ),
    );
    expect(codes).toEqual(codes.map(() => "ok"));
    const slugs = (await t.stratum.getChildren(parent!.id)).map(({ slug }) => slug);
    const wanted = ["same_name", ...Array.from({ length: 63 }, (_, n) => `same_name_${n + 2}`)];
    expect(slugs.sort()).toEqual(wanted.sort());
  });

  it("reorders of the same siblings leave one order without gaps", async () => {
    const names = ["a", "b", "c", "d", "e"];
    const g = await t.grow(["r", ...names.map((name): [string] => [name])]);
    await repeat(async () => {
      const pick = () => g[names[Math.floor(Math.random() * names.length)]!]!.id;
      const codes = await race(
        () => one.reorderTenant(pick(), Math.floor(Math.random() * 5)),
        () => other.reorderTenant(pick(), Math.floor(Math.random() * 5)),
        () => one.reorderTenant(pick(), 0),
      );
      expect(codes).toEqual(["ok", "ok", "ok"]);
      const order = (await t.stratum.getChildren(g.r!.id)).map(({ sort_order }) => sort_order);
      expect(order).toEqual([0, 1, 2, 3, 4]);
    });
  });

  it("first sets of one key each find the one before them", async () => {
    const { c } = await t.grow(["c"]);
    await repeat(async (index) => {
      const key = `first${index}`;
      const codes = await race(
        () => one.setConfig(c!.id, key, { value: 1 }),
        () => other.setConfig(c!.id, key, { value: 2 }),
        () => one.setConfig(c!.id, key, { value: 3 }),
      );
      expect(codes).toEqual(["ok", "ok", "ok"]);
      const log = await t.stratum.queryAuditLogs({ tenant_id: c!.id, resource_id: key });
      const versions = log.map(({ before_state, after_state }) => [
        (before_state as { version: number } | null)?.version ?? 0,
        (after_state as { version: number }).version,
      ]);
      expect(versions.sort()).toEqual([
        [0, 1],
        [1, 2],
        [2, 3],
      ]);
    });
  });

  it("two dozen sets of one key follow each other, none gives up", async () => {
    const { c } = await t.grow(["c"]);
    const codes = await race(
      ...Array.from(
        { length: 24 },
        (_, n) => () => (n % 2 ? one : other).setConfig(c!.id, "hot", { value: n }),
      ),
    );
    expect(codes).toEqual(codes.map(() => "ok"));
    const [entry] = await t.rows("select version from stratum.config_entries where key = 'hot'");
    expect(entry).toEqual({ version: 24 });
  });

  it("batches of the same keys in opposite orders do not deadlock", async () => {
    const { c } = await t.grow(["c"]);
    await repeat(async (index) => {
      const entries = Array.from({ length: 20 }, (_, n) => ({ key: `k${n}`, value: index }));
      const codes = await race(
        () => one.batchSetConfig(c!.id, entries),
        () =>
          other.batchSetConfig(
            c!.id,
            [...entries].reverse().map((e) => ({ ...e, value: -index })),
          ),
        () => one.batchSetConfig(c!.id, [{ key: "k7", value: index, locked: index % 2 === 0 }]),
      );
      expect(codes).toEqual(["ok", "ok", "ok"]);
    });
  });

  it("batches that take the same slugs in opposite orders end, one of them refused", async () => {
    await repeat(async (index) => {
      const items = ["a", "b", "c"].map((slug) => ({ name: slug, slug: `swap_${slug}_x${index}` }));
      const results = await Promise.all([
        one.batchCreateTenants(items),
        other.batchCreateTenants([...items].reverse()),
      ]);
      expect(results.map(({ created }) => created.length).sort()).toEqual([0, 3]);
    });
  });

  it("tenants that swap slugs do not deadlock", async () => {
    const g = await t.grow(["r", ["x"], ["y"]]);
    await repeat(async () => {
      const [x, y] = await Promise.all([
        t.stratum.getTenant(g.x!.id),
        t.stratum.getTenant(g.y!.id),
      ]);
      const codes = await race(
        () => one.updateTenant(x.id, { slug: y.slug }),
        () => other.updateTenant(y.id, { slug: x.slug }),
        () => one.updateTenant(x.id, { slug: `${y.slug}z`.slice(0, 60) }),
      );
      for (const code of codes) expect(["ok", "TENANT_ALREADY_EXISTS"]).toContain(code);
    });
  });

  it("concurrent updates with one expected version: one wins", async () => {
    const { u } = await t.grow(["u"]);
    await repeat(async (index) => {
      const { version: expected_version } = await t.stratum.getTenant(u!.id);
      const codes = await race(
        () => one.updateTenant(u!.id, { name: `one ${index}`, expected_version }),
        () => other.updateTenant(u!.id, { name: `other ${index}`, expected_version }),
      );
      expect(codes.sort()).toEqual(["VERSION_CONFLICT", "ok"]);
    });
  });

  it("the last place below a limited tenant is filled once", async () => {
    await repeat(async () => {
      const g = await t.grow(["r", ["limited"]]);
      await t.stratum.setConfig(g.limited!.id, "stratum.max_descendants", { value: 1 });
      const codes = await race(
        () => one.createTenant({ name: "a", parent_id: g.limited!.id }),
        () => other.createTenant({ name: "b", parent_id: g.limited!.id }),
      );
      expect(codes.sort()).toEqual(["TENANT_LIMIT_EXCEEDED", "ok"]);
    });
  });

  it("says TENANT_TREE_BUSY when a tree's lock is held for longer than five seconds", async () => {
    const { busy } = await t.grow(["busy"]);
    const client = await t.pool.connect();
    try {
      await client.query("begin");
      await client.query(
        `select pg_advisory_xact_lock(1937011201, ('x' || right($1::text, 8))::bit(32)::int)`,
        [busy!.id],
      );
      const started = Date.now();
      const codes = await race(() => one.createTenant({ name: "c", parent_id: busy!.id }));
      expect(codes).toEqual(["TENANT_TREE_BUSY"]);
      expect(Date.now() - started).toBeGreaterThan(4900);
    } finally {
      await client.query("rollback");
      client.release();
    }
  });

  it("none of which PostgreSQL had to end as a deadlock", async () => {
    // Connections report what they counted at the latest when they end.
    await two.close();
    await new Promise((done) => setTimeout(done, 500));
    expect(await deadlocks(t.database)).toBe(0);
  });
});
