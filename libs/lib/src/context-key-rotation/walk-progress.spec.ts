import { StorageUnavailableError, TenantStorageMissingError } from "@stratum-hq/core";
import { FIRST_WALK, type Walk } from "./rotation-checkpoint";
import { advanced, endOfPass, isDown } from "./walk-progress";

describe("a walk through tenants' databases", () => {
  const [here, far] = [
    { id: "h", region_id: null },
    { id: "f", region_id: "far" },
  ];
  const away = new StorageUnavailableError("d", "far", null);

  const after = (walk: Walk, ...errors: Parameters<typeof advanced>[2][]): Walk =>
    errors.reduce((at, error) => advanced(at, far, error), walk);

  it("counts what it reached, and names what it did not, a hundred at most", () => {
    const walk = after(
      advanced(FIRST_WALK, here, null),
      ...Array.from({ length: 101 }, () => away),
    );
    expect(walk).toMatchObject({ after: "f", reached: 1, missed: 101 });
    expect(walk.listed).toHaveLength(100);
    expect(walk.listed[0]).toEqual({ tenant_id: "f", code: "STORAGE_UNAVAILABLE" });
  });

  it("passes over a server of which three in a row were out of reach, and over no other", () => {
    expect(isDown(after(FIRST_WALK, away, away), far)).toBe(false);
    const down = after(FIRST_WALK, away, away, away);
    expect([isDown(down, far), isDown(down, here)]).toEqual([true, false]);
    expect(isDown(after(FIRST_WALK, away, away, null, away), far)).toBe(false);
    const lost = new TenantStorageMissingError("f", "database d");
    expect(isDown(after(FIRST_WALK, lost, lost, lost), far)).toBe(false);
  });

  it("begins anew, twice, where something was out of reach, with every server", () => {
    expect(endOfPass(advanced(FIRST_WALK, far, null))).toMatchObject({ ended: true });
    let walk = after(FIRST_WALK, away, away, away);
    for (const pass of [2, 3]) {
      const outcome = endOfPass(walk);
      expect(outcome).toMatchObject({ ended: false, walk: { pass, after: "", missed: 0 } });
      expect(isDown(outcome.walk, far)).toBe(false);
      walk = after(outcome.walk, away);
    }
    expect(endOfPass(walk)).toEqual({ walk, ended: true });
  });
});
