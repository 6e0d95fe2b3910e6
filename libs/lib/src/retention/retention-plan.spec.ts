import fc from "fast-check";
import { planRetention, type RetentionLevel } from "./retention-plan";

const KEY = "stratum.retention.audit_days";
const id = (n: number) => `00000000-0000-7000-8000-00000000000${n}`;
const pathOf = (...ns: number[]) => ns.map((n) => id(n).replaceAll("-", "")).join(".") as never;

function level(n: number, value?: unknown, held = false, locked = false): [string, RetentionLevel] {
  const entries =
    value === undefined ? [] : [{ key: KEY, value: value as never, locked, sensitive: false }];
  return [id(n), { tenant_id: id(n), slug: `s${n}`, archived: false, held, entries }];
}

describe("planRetention", () => {
  const tenants = [
    { id: id(1), path: pathOf(1) },
    { id: id(2), path: pathOf(1, 2) },
    { id: id(3), path: pathOf(1, 2, 3) },
  ];
  const plan = (...levels: [string, RetentionLevel][]) =>
    planRetention(tenants, new Map(levels), KEY, 400);

  it("groups tenants by what the key resolves to at each, and by the default", () => {
    expect(plan(level(1), level(2), level(3))).toEqual([
      { days: 400, tenant_ids: [id(1), id(2), id(3)] },
    ]);
    expect(plan(level(1), level(2, 30), level(3))).toEqual([
      { days: 400, tenant_ids: [id(1)] },
      { days: 30, tenant_ids: [id(2), id(3)] },
    ]);
    expect(plan(level(1, 90, false, true), level(2, 30), level(3, 7))).toEqual([
      { days: 90, tenant_ids: [id(1), id(2), id(3)] },
    ]);
  });

  it("leaves out who is on legal hold, and who is below", () => {
    expect(plan(level(1), level(2, undefined, true), level(3, 1))).toEqual([
      { days: 400, tenant_ids: [id(1)] },
    ]);
  });

  it.each([
    ["a ciphertext", "v1.1.x.y"],
    ["nothing", null],
    ["none", 0],
    ["not a number", Number.NaN],
  ])("leaves out those whose days are %s", (_, value) => {
    expect(plan(level(1), level(2, value), level(3, 9))).toEqual([
      { days: 400, tenant_ids: [id(1)] },
      { days: 9, tenant_ids: [id(3)] },
    ]);
  });

  it("leaves out those of whose chain something is missing", () => {
    expect(plan(level(1), level(3, 9))).toEqual([{ days: 400, tenant_ids: [id(1)] }]);
  });

  it("has each tenant in one group at most", () => {
    const days = fc.option(fc.integer({ min: -1, max: 3 }), { nil: undefined });
    fc.assert(
      fc.property(days, days, days, fc.boolean(), (a, b, c, held) => {
        const ids = plan(level(1, a), level(2, b, held), level(3, c)).flatMap(
          ({ tenant_ids }) => tenant_ids,
        );
        expect(new Set(ids).size).toBe(ids.length);
        if (held) expect(ids).not.toContain(id(3));
      }),
    );
  });
});
