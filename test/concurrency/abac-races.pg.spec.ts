import type { Stratum } from "@stratum-hq/lib";
import { deadlocks, race, rivals, type Rivals } from "../support/rivals";
import { times } from "../support/scale";
import { useStratum } from "../support/use-stratum";

const ROUNDS = times(25, 400);

describe("concurrent changes of ABAC policies", () => {
  const t = useStratum();
  let two: Rivals;
  let one: Stratum;
  let other: Stratum;

  beforeAll(() => {
    two = rivals(t.database);
    [one, other] = two.stratums as [Stratum, Stratum];
  });

  const policy = { name: "n", resource_type: "doc", action: "read", effect: "deny" } as const;

  it("never leave a policy that was created after the lock above it", async () => {
    let refused = 0;
    for (let round = 0; round < ROUNDS; round += 1) {
      const g = await t.grow(["r", ["m", ["leaf"]]]);
      const [locking, creation] = await race(
        () => one.createAbacPolicy(g.r!.id, { ...policy, mode: "LOCKED" }),
        () => other.createAbacPolicy(g.leaf!.id, policy),
      );
      expect(locking).toBe("ok");
      if (creation !== "ok") refused += 1;
      const [late] = await t.rows<{ n: number }>(
        `select count(*)::int as n from stratum.abac_policies as lock
         join stratum.abac_policies as own using (resource_type, action, name)
         where lock.tenant_id = $1 and own.tenant_id = $2
           and pg_xact_commit_timestamp(own.xmin) > pg_xact_commit_timestamp(lock.xmin)`,
        [g.r!.id, g.leaf!.id],
      );
      expect(late?.n).toBe(0);
    }
    console.log(`ABAC: ${refused} of ${ROUNDS} policies came after the lock, and were refused`);
  });

  it("of the same key create one, delete one, and leave one row in the log of each", async () => {
    for (let round = 0; round < ROUNDS; round += 1) {
      const { r } = await t.grow(["r"]);
      const creations = await race(
        () => one.createAbacPolicy(r!.id, policy),
        () => other.createAbacPolicy(r!.id, policy),
      );
      expect(creations.sort()).toEqual(["ABAC_POLICY_ALREADY_EXISTS", "ok"]);
      const [created] = await t.stratum.getAbacPolicies(r!.id);
      const deletions = await race(
        () => one.deleteAbacPolicy(r!.id, created!.id),
        () => other.deleteAbacPolicy(r!.id, created!.id),
      );
      expect(deletions.sort()).toEqual(["ABAC_POLICY_NOT_FOUND", "ok"]);
      const log = await t.stratum.queryAuditLogs({
        tenant_id: r!.id,
        resource_type: "abac_policy",
      });
      expect(log.map(({ action }) => action)).toEqual([
        "abac_policy.deleted",
        "abac_policy.created",
      ]);
    }
  });

  it("are none of them ended by PostgreSQL as a deadlock", async () => {
    // Connections report what they counted at the latest when they end.
    await two.close();
    await new Promise((done) => setTimeout(done, 500));
    expect(await deadlocks(t.database)).toBe(0);
  });
});
