import { runAs, Stratum, type Tenant } from "@stratum-hq/lib";
import { deadlocks, race, rivals, type Rivals } from "../support/rivals";
import { permissionChains, type PermissionChain } from "../support/permission-chains";
import { times } from "../support/scale";
import { useStratum } from "../support/use-stratum";

const ROUNDS = times(25, 400);

describe("concurrent changes of permissions", () => {
  const t = useStratum();
  const { chain, holders } = permissionChains(t);
  let two: Rivals;
  let one: Stratum;
  let other: Stratum;

  beforeAll(() => {
    two = rivals(t.database, { permissionOrigin: "root" });
    [one, other] = two.stratums as [Stratum, Stratum];
  });

  /** Rounds, each on a chain of its own. */
  async function repeat(round: (chain: PermissionChain, index: number) => Promise<void>) {
    for (let index = 0; index < ROUNDS; index += 1) await round(await chain(), index);
  }

  /** A tenant's own caller, who may not introduce keys below it. */
  function boundTo<T>(tenant: Tenant, work: () => T): T {
    return runAs({ actor_id: "a", actor_type: "jwt", tenant_id: tenant.id }, work);
  }

  /** Other tenants' policies that committed after a tenant's. */
  async function committedLater(than: Tenant, key: string): Promise<number> {
    const [found] = await t.rows<{ n: number }>(
      `select count(*)::int as n from stratum.permission_policies as upper
       join stratum.permission_policies as lower using (key)
       where upper.key = $1 and upper.tenant_id = $2 and lower.tenant_id <> upper.tenant_id
         and pg_xact_commit_timestamp(lower.xmin) > pg_xact_commit_timestamp(upper.xmin)`,
      [key, than.id],
    );
    return found!.n;
  }

  /** Policies at or below a tenant that bans their key. */
  async function banned(key: string): Promise<number> {
    const [found] = await t.rows<{ n: number }>(
      `select count(*)::int as n from stratum.permission_bans as ban
       join stratum.tenants as above on above.id = ban.tenant_id
       join stratum.tenants as t on above.path @> t.path
       join stratum.permission_policies as p on p.tenant_id = t.id and p.key = ban.key
       where ban.key = $1`,
      [key],
    );
    return found!.n;
  }

  it("no override commits after the lock that forbids it", async () => {
    await repeat(async ({ root, leaf, key }) => {
      const [locking, overriding] = await race(
        () => one.createPermission(root.id, { key, mode: "LOCKED" }),
        () => other.createPermission(leaf.id, { key }),
      );
      expect(locking).toBe("ok");
      expect(["ok", "PERMISSION_LOCKED"]).toContain(overriding);
      expect(await committedLater(root, key)).toBe(0);
    });
  });

  it("no override commits after the update that locks its key", async () => {
    await repeat(async ({ root, leaf, key }) => {
      const { id } = await t.stratum.createPermission(root.id, { key });
      const [locking, overriding] = await race(
        () => one.updatePermission(root.id, id, { mode: "LOCKED" }),
        () => other.createPermission(leaf.id, { key, value: false }),
      );
      expect(locking).toBe("ok");
      expect(["ok", "PERMISSION_LOCKED"]).toContain(overriding);
      expect(await committedLater(root, key)).toBe(0);
    });
  });

  it("a ban leaves no policy below it", async () => {
    await repeat(async ({ root, leaf, key }) => {
      const [banning, creating] = await race(
        () => one.banPermission(root.id, key),
        () => other.createPermission(leaf.id, { key }),
      );
      expect(banning).toBe("ok");
      expect(["ok", "PERMISSION_BANNED"]).toContain(creating);
      expect(await holders(key)).toEqual([]);
    });
  });

  it("a PERMANENT policy and a ban above it exclude each other", async () => {
    await repeat(async ({ root, leaf, key }) => {
      const outcome = await race(
        () => one.banPermission(root.id, key),
        () => other.createPermission(leaf.id, { key, revocation_mode: "PERMANENT" }),
      );
      expect([
        ["ok", "PERMISSION_BANNED"],
        ["PERMISSION_REVOCATION_DENIED", "ok"],
      ]).toContainEqual(outcome);
      expect(await banned(key)).toBe(0);
    });
  });

  it("nothing that the revoked policy allowed survives its revocation", async () => {
    await repeat(async ({ root, leaf, key }) => {
      const { id } = await t.stratum.createPermission(root.id, { key, mode: "DELEGATED" });
      const [revoking, creating] = await race(
        () => one.deletePermission(root.id, id),
        () => boundTo(root, () => other.createPermission(leaf.id, { key, mode: "DELEGATED" })),
      );
      expect(revoking).toBe("ok");
      expect(["ok", "PERMISSION_NOT_DELEGATED"]).toContain(creating);
      expect(await holders(key)).toEqual([]);
    });
  });

  it("of two policies of one key at one tenant, one is created", async () => {
    await repeat(async ({ middle, key }) => {
      const codes = await race(
        () => one.createPermission(middle.id, { key, value: 1 }),
        () => other.createPermission(middle.id, { key, value: 2 }),
      );
      expect(codes.sort()).toEqual(["PERMISSION_ALREADY_EXISTS", "ok"]);
    });
  });

  it("of two updates with one expected version, one wins", async () => {
    await repeat(async ({ middle, key }) => {
      const { id } = await t.stratum.createPermission(middle.id, { key, value: 0 });
      const update = (stratum: Stratum, value: number) => () =>
        stratum.updatePermission(middle.id, id, { value, expected_version: 1 });
      expect((await race(update(one, 1), update(other, 2))).sort()).toEqual([
        "VERSION_CONFLICT",
        "ok",
      ]);
    });
  });

  describe.each([
    ["ban", "PERMISSION_BANNED"],
    ["lock", "PERMISSION_LOCKED"],
  ] as const)("where a subtree moves under a %s", (what, refusal) => {
    const forbid = (stratum: Stratum, { id }: Tenant, key: string): Promise<unknown> =>
      what === "ban"
        ? stratum.banPermission(id, key)
        : stratum.createPermission(id, { key, mode: "LOCKED" });

    /** Whether the leaf's policy committed after both the move and what forbids it in the new place. */
    async function isTooLate(leaf: Tenant, moved: Tenant, key: string): Promise<boolean> {
      const rows = await t.rows(
        `with forbidden as (
           select xmin from stratum.permission_policies where key = $3 and mode = 'LOCKED'
           union all select xmin from stratum.permission_bans where key = $3)
         select from stratum.permission_policies as policy, stratum.tenants as moved, forbidden
         where policy.tenant_id = $1 and policy.key = $3 and moved.id = $2
           and pg_xact_commit_timestamp(policy.xmin) > greatest(
             pg_xact_commit_timestamp(moved.xmin), pg_xact_commit_timestamp(forbidden.xmin))`,
        [leaf.id, moved.id, key],
      );
      return rows.length > 0;
    }

    it("that was there before, no policy is created in it afterwards", async () => {
      await repeat(async ({ middle, leaf, key }, index) => {
        const name = `${what} before ${index}`;
        const target = (await t.grow([name]))[name]!;
        await forbid(t.stratum, target, key);
        const [moving, creating] = await race(
          () => one.moveTenant(middle.id, target.id),
          () => other.createPermission(leaf.id, { key }),
        );
        expect(moving).toBe("ok");
        expect(["ok", refusal]).toContain(creating);
        expect(await isTooLate(leaf, middle, key)).toBe(false);
      });
    });

    it("that is made right after the move, no policy is created in it afterwards", async () => {
      await repeat(async ({ middle, leaf, key }, index) => {
        const name = `${what} after ${index}`;
        const target = (await t.grow([name]))[name]!;
        // Forbidden without dawdling, so that who waited for the move is still at it.
        const [forbidding, creating] = await race(
          () => one.moveTenant(middle.id, target.id).then(() => forbid(t.stratum, target, key)),
          () => other.createPermission(leaf.id, { key }),
        );
        expect(forbidding).toBe("ok");
        expect(["ok", refusal]).toContain(creating);
        expect(await isTooLate(leaf, middle, key)).toBe(false);
      });
    });
  });

  it("none of which PostgreSQL had to end as a deadlock", async () => {
    // Connections report what they counted at the latest when they end.
    await two.close();
    await new Promise((done) => setTimeout(done, 500));
    expect(await deadlocks(t.database)).toBe(0);
  });
});
