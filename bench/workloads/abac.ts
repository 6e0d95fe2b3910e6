import type { CreateAbacPolicyInput } from "@stratum-hq/lib";
import type { Workload } from "../harness";
import { chain } from "../seed";

const POLICIES = 100;
const DEPTH = 5;

/** Every policy covers the request, and has its conditions evaluated. */
const REQUEST = {
  subject: { id: "u-1", department: "sales", profile: { clearance: 3, roles: ["clerk"] } },
  resource: { type: "invoice", owner: "u-2", amount: 420 },
  action: "read",
  environment: { hour: 11 },
};

/** Half of them allow and none of these match; the denials look at an attribute from another side. */
function policy(n: number): CreateAbacPolicyInput {
  return {
    name: `policy ${n}`,
    resource_type: n % 2 === 0 ? "invoice" : "inv*",
    action: n % 3 === 0 ? "*" : "read",
    effect: n % 2 === 0 ? "allow" : "deny",
    conditions: [
      { attribute: "subject.profile.clearance", operator: "gte", value: 1 },
      { attribute: "owner", operator: "eq", value: `u-${n + 1000}` },
    ],
    priority: n,
  };
}

const abac: Workload = {
  name: "abac",
  title: `evaluateAbac warm, ${POLICIES} policies of 2 conditions | one pass of ${POLICIES} comparisons`,
  kind: "time",
  oursBelow: 50,
  prepare: async ({ stratum }) => {
    const tenants = await chain(stratum, DEPTH);
    for (let n = 0; n < POLICIES; n += 1) {
      await stratum.createAbacPolicy(tenants[n % DEPTH]?.id ?? "", policy(n));
    }
    const id = tenants.at(-1)?.id ?? "";
    const owners = Array.from({ length: POLICIES }, (_, n) => `u-${n + 1000}`);
    return {
      ours: () => stratum.evaluateAbac(id, REQUEST),
      baseline: () => {
        let allowed = false;
        for (const owner of owners) if (owner === REQUEST.resource.owner) allowed = true;
        return Promise.resolve(allowed);
      },
      batch: 100,
      pairs: 60,
    };
  },
};

export const ABAC_WORKLOADS = [abac];
