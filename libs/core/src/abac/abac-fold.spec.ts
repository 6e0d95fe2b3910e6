import fc from "fast-check";
import { PERMISSION_MODES } from "../permissions/permission.schemas";
import { foldAbacPolicies, type AbacLevel } from "./abac-fold";
import { compareAbacPolicies } from "./abac-policy";

const policy = fc.record({
  id: fc.uuid(),
  tenant_id: fc.constant("t"),
  name: fc.constantFrom("n", "c:n"),
  resource_type: fc.constantFrom("a", "a:b"),
  action: fc.constantFrom("b:c", "c", "b"),
  effect: fc.constantFrom("allow" as const, "deny" as const),
  conditions: fc.constant([]),
  priority: fc.integer({ min: 0, max: 2 }),
  mode: fc.constantFrom(...PERMISSION_MODES),
  version: fc.constant(1),
  created_at: fc.constant(""),
  updated_at: fc.constant(""),
});
const parts = (each: { resource_type: string; action: string; name: string }) =>
  JSON.stringify([each.resource_type, each.action, each.name]);
const levels: fc.Arbitrary<AbacLevel[]> = fc
  .array(
    fc.record({
      archived: fc.boolean(),
      policies: fc.uniqueArray(policy, { selector: parts, maxLength: 6 }),
    }),
    { minLength: 1, maxLength: 5 },
  )
  .map((list) => list.map((level, n) => ({ ...level, tenant_id: `t${n}`, slug: `s${n}` })));

describe("foldAbacPolicies", () => {
  it("lets the nearest policy of each identity win, until one is locked", () => {
    fc.assert(
      fc.property(levels, (list) => {
        const expected = new Map<string, { id: string; source: string; locked: boolean }>();
        list.forEach((level, index) => {
          if (level.archived && index < list.length - 1) return;
          for (const each of level.policies) {
            if (expected.get(parts(each))?.locked === true) continue;
            const locked = each.mode === "LOCKED";
            expected.set(parts(each), { id: each.id, source: level.slug, locked });
          }
        });
        const resolved = foldAbacPolicies(list);
        expect(resolved).toHaveLength(expected.size);
        for (const { policy: winner, source, source_tenant_id, locked, delegated } of resolved) {
          expect({ id: winner.id, source, locked }).toEqual(expected.get(parts(winner)));
          expect(source_tenant_id).toBe(source.replace("s", "t"));
          expect(delegated).toBe(winner.mode === "DELEGATED");
        }
      }),
    );
  });

  it("puts the highest priority first, then sorts by resource type, action and name", () => {
    fc.assert(
      fc.property(levels, (list) => {
        const order = foldAbacPolicies(list).map((each) => each.policy);
        for (const [index, next] of order.slice(1).entries()) {
          expect(compareAbacPolicies(order[index]!, next)).toBeLessThan(0);
          expect(order[index]!.priority).toBeGreaterThanOrEqual(next.priority);
        }
      }),
    );
  });
});
