import fc from "fast-check";
import { featureCases, has, UNKNOWN, type Tree } from "../../../../test/support/cases";
import { json, object, reading, rubbish, text, version } from "../../../../test/support/hostile";
import type { StratumFixture } from "../../../../test/support/use-stratum";

const POLICY = { name: "n", resource_type: "*", action: "*", effect: "deny" } as const;
const REQUEST = { subject: {}, resource: { type: "doc" }, action: "read" };

const unknownTenant = { code: "TENANT_NOT_FOUND", arguments: (): [string] => [UNKNOWN] } as const;

/** Gives the root a policy: the two ids. */
async function policy(t: StratumFixture, { root }: Tree): Promise<[string, string]> {
  return [root.id, (await t.stratum.createAbacPolicy(root.id, POLICY)).id];
}

async function inherited(t: StratumFixture, tree: Tree): Promise<[string]> {
  await policy(t, tree);
  return [tree.child.id];
}

/** A policy, mostly of the right shape. */
function policies() {
  const attribute = fc.constantFrom("subject.a", "b", "__proto__.c");
  const condition = object({
    attribute: fc.oneof({ weight: 4, arbitrary: attribute }, text),
    operator: fc.constantFrom("eq", "neq", "contains", "in", "gt"),
    value: json,
  });
  const pattern = fc.oneof({ weight: 12, arbitrary: fc.constantFrom("*", "a", "a*", "b:c") }, text);
  return fc.record(
    {
      name: text,
      resource_type: pattern,
      action: pattern,
      effect: fc.constantFrom("allow", "deny"),
      conditions: fc.array(condition, { maxLength: 2 }),
      priority: fc.oneof({ weight: 6, arbitrary: fc.nat(9) }, fc.integer()),
      mode: fc.constantFrom("LOCKED", "INHERITED", "DELEGATED"),
    },
    { requiredKeys: ["name", "resource_type", "action", "effect"] },
  );
}

/** A request for a decision, mostly of the right shape. */
function requests() {
  const fields = fc.dictionary(fc.constantFrom("type", "a", "b", "__proto__"), json);
  const attributes = fc.oneof({ weight: 9, arbitrary: fields }, rubbish);
  return fc.record(
    {
      subject: attributes,
      resource: attributes,
      action: fc.oneof({ weight: 9, arbitrary: fc.constantFrom("a", "ab", "b:c") }, text),
      environment: attributes,
    },
    { requiredKeys: ["subject", "resource", "action"] },
  );
}

export const ABAC_CASES = featureCases({
  methods: {
    createAbacPolicy: {
      roundTrips: 7,
      arguments: (_t, { root }) => [root.id, POLICY],
      result: ({ root }) => has({ ...POLICY, tenant_id: root.id, version: 1 }),
      refusals: [
        { code: "TENANT_NOT_FOUND", arguments: () => [UNKNOWN, POLICY] },
        {
          code: "ABAC_POLICY_ALREADY_EXISTS",
          arguments: async (t, tree) => {
            await policy(t, tree);
            return [tree.root.id, POLICY];
          },
        },
      ],
      leaves: { states: ["after"], event: true },
    },
    getAbacPolicies: {
      roundTrips: 2,
      arguments: async (t, tree) => {
        await policy(t, tree);
        return [tree.root.id];
      },
      result: ({ root }) => [has({ ...POLICY, tenant_id: root.id })],
      refusals: [unknownTenant],
    },
    resolveAbacPolicies: {
      roundTrips: 1,
      arguments: inherited,
      result: ({ root }) => [has({ policy: has(POLICY), source_tenant_id: root.id })],
      refusals: [unknownTenant],
    },
    evaluateAbac: {
      roundTrips: 1,
      arguments: async (t, tree) => [...(await inherited(t, tree)), REQUEST],
      result: () => has({ allowed: false, reason: "explicit_deny" }),
      refusals: [{ code: "TENANT_NOT_FOUND", arguments: () => [UNKNOWN, REQUEST] }],
    },
    deleteAbacPolicy: {
      roundTrips: 7,
      arguments: policy,
      result: () => undefined,
      refusals: [
        { code: "ABAC_POLICY_NOT_FOUND", arguments: (_t, { root }) => [root.id, UNKNOWN] },
      ],
      leaves: { states: ["before"], event: true },
    },
  },
  async hostile(t, { id, ids }) {
    const own: string[] = [];
    for (const each of ids) {
      const mode = "DELEGATED";
      const input = { name: each, resource_type: "a", action: "*", effect: "deny", mode } as const;
      own.push((await t.stratum.createAbacPolicy(each, input)).id);
    }
    const policyId = fc.oneof({ weight: 9, arbitrary: fc.constantFrom(...own) }, id);
    return {
      createAbacPolicy: fc.tuple(id, fc.oneof({ weight: 9, arbitrary: policies() }, rubbish)),
      getAbacPolicies: fc.tuple(id),
      resolveAbacPolicies: fc.tuple(id, reading),
      evaluateAbac: fc.tuple(id, fc.oneof({ weight: 9, arbitrary: requests() }, rubbish), reading),
      deleteAbacPolicy: fc.tuple(id, policyId, object({ expected_version: version })),
    };
  },
});
