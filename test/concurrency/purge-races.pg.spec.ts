import type { Tenant } from "@stratum-hq/lib";
import {
  brokenInvariants,
  deadlocks,
  NONE_BROKEN,
  race,
  rivals,
  type Rivals,
} from "../support/rivals";
import { times } from "../support/scale";
import { codeOf, useStratum } from "../support/use-stratum";

const ROUNDS = times(6, 60);

describe("purges and what runs beside them", () => {
  const t = useStratum();
  let pair: Rivals;
  beforeEach(() => {
    pair = rivals(t.database);
  });
  afterEach(async () => {
    await pair.close();
    expect(await deadlocks(t.database)).toBe(0);
  });

  const first = () => pair.stratums[0]!;
  const second = () => pair.stratums[1]!;

  async function each(work: (g: Record<string, Tenant>) => Promise<void>): Promise<void> {
    for (let round = 0; round < ROUNDS; round += 1) {
      await work(await t.grow(["r", ["p", ["p1"], ["p2"]], ["q"]]));
      expect(await brokenInvariants(t.pool)).toEqual(NONE_BROKEN);
    }
  }

  const certificatesOf = async ({ id }: Tenant) =>
    (await t.rows("select from stratum.purge_certificates where tenant_id = $1", [id])).length;

  it("two of the same tenant are one purge with one certificate", async () => {
    await each(async ({ p }) => {
      const purge = (n: number) => () => pair.stratums[n]!.purgeTenant(p!.id, { subtree: true });
      const codes = (await race(purge(0), purge(1))).sort();
      expect(codes[1]).toBe("ok");
      expect(["OPERATION_IN_PROGRESS", "TENANT_NOT_FOUND"]).toContain(codes[0]);
      expect(await certificatesOf(p!)).toBe(1);
    });
  });

  it("of a tenant and of one below it do not cross", async () => {
    await each(async ({ r, p, p1 }) => {
      const codes = await race(
        () => first().purgeTenant(p!.id, { subtree: true }),
        () => second().purgeTenant(p1!.id),
      );
      expect(codes).toContain("ok");
      if (codes[0] !== "ok") await first().purgeTenant(p!.id, { subtree: true });
      expect(await t.stratum.getPurgeCertificate(p1!.id)).toBeDefined();
      expect(await codeOf(t.stratum.getTenant(r!.id))).toBe("ok");
    });
  });

  it("and a child that is created below: either it goes too, or it never was", async () => {
    await each(async ({ p, p1 }) => {
      const [purged, created] = await race(
        () => first().purgeTenant(p!.id, { subtree: true }),
        () => second().createTenant({ name: "late", parent_id: p1!.id }),
      );
      expect(purged).toBe("ok");
      expect(["ok", "INVALID_TENANT_STATE", "TENANT_NOT_FOUND"]).toContain(created);
      expect(await t.rows("select from stratum.tenants where name = 'late'")).toEqual([]);
      const { tenants } = await t.stratum.getPurgeCertificate(p!.id);
      expect(tenants).toBe(created === "ok" ? 4 : 3);
    });
  });

  it("and a move of the tenant, or of one below it, out of its way", async () => {
    await each(async ({ p, p1, q }) => {
      const [purged, moved] = await race(
        () => first().purgeTenant(p!.id, { subtree: true }),
        () => second().moveTenant(p1!.id, q!.id),
      );
      expect(purged).toBe("ok");
      const stands = await codeOf(t.stratum.getTenant(p1!.id));
      expect(stands).toBe(moved === "ok" ? "ok" : "TENANT_NOT_FOUND");
    });
  });

  it("and a move of a tree that is being purged in part", async () => {
    await each(async ({ r, p, q }) => {
      const [purged, moved] = await race(
        () => first().purgeTenant(p!.id, { subtree: true }),
        async () => second().moveTenant(r!.id, (await t.grow(["target"])).target!.id),
      );
      expect([purged, moved]).toEqual(["ok", "ok"]);
      expect(await codeOf(t.stratum.getTenant(p!.id))).toBe("TENANT_NOT_FOUND");
      expect(await codeOf(t.stratum.getTenant(q!.id))).toBe("ok");
    });
  });

  it("and a legal hold that is laid on: one of them is refused", async () => {
    await each(async ({ r, p, p1 }) => {
      for (const held of [p1!, r!]) {
        const [purged, laid] = await race(
          () => first().purgeTenant(p!.id, { subtree: true }),
          () => second().updateTenant(held.id, { legal_hold: true }),
        );
        if (purged === "ok") break;
        expect([purged, laid]).toEqual(["TENANT_ON_LEGAL_HOLD", "ok"]);
        await t.stratum.updateTenant(held.id, { legal_hold: false });
      }
    });
  });

  /** Lets a change begin, and wait within its transaction for as long as the purge does not end or wait. */
  async function beside(
    when: string,
    change: () => Promise<unknown>,
    purge: () => Promise<unknown>,
  ) {
    await t.rows(`create or replace function public.pause() returns trigger language plpgsql as
      $$ begin perform pg_advisory_xact_lock(42); return new; end $$`);
    await t.rows(`create trigger pause ${when} execute function public.pause()`);
    const client = await t.pool.connect();
    await client.query("select pg_advisory_lock(42)");
    const waiting = async (sessions: number) => {
      const found = `select from pg_stat_activity
        where datname = current_database() and wait_event = 'advisory'`;
      while ((await t.rows(found)).length < sessions)
        await new Promise((done) => setTimeout(done, 5));
    };
    const changed = codeOf(change());
    await waiting(1);
    const purged = codeOf(purge());
    await Promise.race([waiting(2), purged]);
    await client.query("select pg_advisory_unlock(42)");
    client.release();
    const codes = [await changed, await purged];
    await t.rows("drop trigger pause on stratum.tenants");
    return codes;
  }

  it("wait for a child that is being created below, and take it along", async () => {
    const { p, p1 } = await t.grow(["v", ["p", ["p1"]]]);
    const codes = await beside(
      "before insert on stratum.tenants for each row",
      () => second().createTenant({ name: "late", parent_id: p1!.id }),
      () => first().purgeTenant(p!.id, { subtree: true }),
    );
    expect(codes).toEqual(["ok", "ok"]);
    expect(await t.stratum.getPurgeCertificate(p!.id)).toMatchObject({ tenants: 3 });
  });

  it("wait for a legal hold that is being laid on, above them too", async () => {
    const { r, p } = await t.grow(["r", ["p"]]);
    const codes = await beside(
      "before update on stratum.tenants for each row when (new.legal_hold)",
      () => second().updateTenant(r!.id, { legal_hold: true }),
      () => first().purgeTenant(p!.id),
    );
    expect(codes).toEqual(["ok", "TENANT_ON_LEGAL_HOLD"]);
  });

  it("count every row, also one whose transaction had not ended when they began", async () => {
    const { p } = await t.grow(["u", ["p"]]);
    const client = await t.pool.connect();
    await client.query("begin");
    await client.query(
      `insert into stratum.usage_events (id, tenant_id, metric)
       values (gen_random_uuid(), $1, 'late')`,
      [p!.id],
    );
    const purged = first().purgeTenant(p!.id);
    const waiting = `select from pg_stat_activity
      where datname = current_database() and wait_event_type = 'Lock'`;
    while ((await t.rows(waiting)).length === 0) await new Promise((done) => setTimeout(done, 5));
    await client.query("commit");
    client.release();
    expect((await purged).deleted).toMatchObject({ usage_events: 1 });
  });

  it("count every row, also of usage that is recorded in their last moment", async () => {
    await each(async ({ p }) => {
      const calls = Array.from({ length: 12 }, (_, n) => async () => {
        await new Promise((done) => setTimeout(done, Math.random() * 20));
        return pair.stratums[n % 2]!.recordUsage(p!.id, { metric: "m" });
      });
      const [purged, ...recorded] = await race(
        () => first().purgeTenant(p!.id, { subtree: true }),
        ...calls,
      );
      expect(purged).toBe("ok");
      const counted = recorded.filter((code) => code === "ok").length;
      const { deleted } = await t.stratum.getPurgeCertificate(p!.id);
      expect(deleted.usage_events ?? 0).toBe(counted);
    });
  });

  it("are seen by caches of other processes, when they have ended and their events are gone", async () => {
    const { p, p1 } = await t.grow(["s", ["p", ["p1"]]]);
    await first().setConfig(p!.id, "k", { value: 1 });
    const key = await first().createApiKey(p1!.id);
    const warm = async () => {
      await second().resolveConfig(p1!.id);
      return second().validateApiKey(key.plaintext_key);
    };
    expect(await warm()).not.toBeNull();
    await first().purgeTenant(p!.id, { subtree: true });
    // A second at most.
    await new Promise((done) => setTimeout(done, 1000));
    expect(await second().validateApiKey(key.plaintext_key)).toBeNull();
    expect(await codeOf(second().resolveConfig(p1!.id))).toBe("TENANT_NOT_FOUND");
  });
});
