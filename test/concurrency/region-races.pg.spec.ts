import type { Stratum } from "@stratum-hq/lib";
import { deadlocks, race, rivals, type Rivals } from "../support/rivals";
import { times } from "../support/scale";
import { useStratum } from "../support/use-stratum";

const ROUNDS = times(25, 400);

describe("concurrent changes of regions", () => {
  const t = useStratum();
  let two: Rivals;
  let one: Stratum;
  let other: Stratum;
  let made = 0;

  beforeAll(() => {
    two = rivals(t.database);
    [one, other] = two.stratums as [Stratum, Stratum];
  });

  const make = () => t.stratum.createRegion({ display_name: "r", slug: `r${(made += 1)}` });

  it("never leave a tenant in a region that is gone, nor delete one that has tenants", async () => {
    const outcomes = new Map<string, number>();
    for (let round = 0; round < ROUNDS; round += 1) {
      const region = await make();
      const { m } = await t.grow(["m"]);
      const ended = await race(
        () => one.deleteRegion(region.id),
        () =>
          round % 2 === 0
            ? other.createTenant({ name: "n", region_id: region.id })
            : other.migrateRegion(m!.id, region.id),
      );
      expect([
        ["ok", "REGION_NOT_FOUND"],
        ["REGION_IN_USE", "ok"],
      ]).toContainEqual(ended);
      outcomes.set(ended.join(), (outcomes.get(ended.join()) ?? 0) + 1);
    }
    console.log("region: deletion, tenant", Object.fromEntries(outcomes));
  });

  it("never let a tenant into one that was taken out of use before", async () => {
    for (let round = 0; round < ROUNDS; round += 1) {
      const region = await make();
      const { m } = await t.grow(["m"]);
      const [drained, migrated] = await race(
        () => one.updateRegion(region.id, { status: "inactive" }),
        () => other.migrateRegion(m!.id, region.id),
      );
      expect(drained).toBe("ok");
      expect(["ok", "REGION_NOT_ACTIVE"]).toContain(migrated);
      const [late] = await t.rows<{ n: number }>(
        `select count(*)::int as n from stratum.regions as r
         join stratum.tenants as t on t.region_id = r.id
         where r.id = $1
           and pg_xact_commit_timestamp(t.xmin) > pg_xact_commit_timestamp(r.xmin)`,
        [region.id],
      );
      expect(late?.n).toBe(0);
    }
  });

  it("are none of them ended by PostgreSQL as a deadlock", async () => {
    // Connections report what they counted at the latest when they end.
    await two.close();
    await new Promise((done) => setTimeout(done, 500));
    expect(await deadlocks(t.database)).toBe(0);
  });
});
