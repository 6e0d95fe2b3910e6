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

  it("count every row, also of usage that was recorded in their last moment", async () => {
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
