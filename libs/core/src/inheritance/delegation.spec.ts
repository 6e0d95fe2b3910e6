import fc from "fast-check";
import { foldPermissions } from "../permissions/permission-fold";
import { PERMISSION_MODES, type PermissionMode } from "../permissions/permission.schemas";
import { delegationRefusal, type DelegationRefusal, type PolicyAbove } from "./delegation";

const above: fc.Arbitrary<PolicyAbove[]> = fc
  .array(fc.constantFrom(...PERMISSION_MODES), { maxLength: 5 })
  .map((modes) => modes.map((mode, n) => ({ tenant_id: `t${n}`, mode })));
const own = fc.constantFrom<PermissionMode | null>(...PERMISSION_MODES, null);

/**
 * The rule as a sentence: below a lock nobody may do anything; below nobody, who may introduce the key;
 * else the nearest policy says whether modes other than INHERITED may be set.
 */
function naive(
  policies: readonly PolicyAbove[],
  mode: PermissionMode | null,
  mayIntroduce: boolean,
): DelegationRefusal | null {
  for (const { mode, tenant_id } of policies) {
    if (mode === "LOCKED") return { reason: "locked", source_tenant_id: tenant_id };
  }
  if (mode === null) return null;
  const nearest = policies[policies.length - 1];
  if (nearest === undefined) {
    return mayIntroduce ? null : { reason: "not_delegated", source_tenant_id: null };
  }
  return nearest.mode === "DELEGATED" || mode === "INHERITED"
    ? null
    : { reason: "not_delegated", source_tenant_id: nearest.tenant_id };
}

describe("delegationRefusal", () => {
  it("answers as the rule says", () => {
    fc.assert(
      fc.property(above, own, fc.boolean(), (policies, mode, mayIntroduce) => {
        expect(delegationRefusal(policies, mode, mayIntroduce)).toEqual(
          naive(policies, mode, mayIntroduce),
        );
      }),
    );
  });

  it("obeys the policy that resolves at the parent, and no other", () => {
    fc.assert(
      fc.property(above, own, (policies, mode) => {
        const levels = policies.map((policy) => ({
          tenant_id: policy.tenant_id,
          slug: policy.tenant_id,
          archived: false,
          bans: [],
          policies: [
            {
              policy_id: policy.tenant_id,
              key: "k",
              value: true,
              mode: policy.mode,
              revocation_mode: "SOFT" as const,
            },
          ],
        }));
        const { k: effective } = foldPermissions(levels);
        const alone = effective && [
          { tenant_id: effective.source_tenant_id ?? "", mode: effective.mode },
        ];
        expect(delegationRefusal(policies, mode, true)).toEqual(
          delegationRefusal(alone ?? [], mode, true),
        );
      }),
    );
  });

  it.each([
    ["none", "a root or the platform", "DELEGATED", true, null],
    ["none", "anybody else", "INHERITED", false, "not_delegated"],
    ["none", "anybody else, deleting its own", null, false, null],
    ["LOCKED", "anybody, deleting its own", null, true, "locked"],
    ["INHERITED", "anybody", "LOCKED", true, "not_delegated"],
    ["INHERITED", "anybody", "INHERITED", false, null],
    ["DELEGATED", "anybody", "LOCKED", false, null],
  ] as const)("below %s: says to %s with mode %s", (effective, _who, mode, introduces, reason) => {
    const policies = effective === "none" ? [] : [{ tenant_id: "t", mode: effective }];
    const refusal = delegationRefusal(policies, mode, introduces);
    expect(refusal?.reason ?? null).toBe(reason);
  });
});
