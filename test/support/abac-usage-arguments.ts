import fc from "fast-check";
import { json, key, object, rubbish, text, version } from "./hostile";

/** Arguments of the methods of ABAC policies: mostly of the right shape. */
export function abacArguments(id: fc.Arbitrary<unknown>, policyIds: readonly string[]) {
  const read = fc.oneof(fc.constantFrom(undefined, { consistency: "strong" }), rubbish);
  const policy = fc.oneof({ weight: 9, arbitrary: fc.constantFrom(...policyIds) }, id);
  const condition = object({
    attribute: fc.oneof(
      { weight: 4, arbitrary: fc.constantFrom("subject.a", "b", "__proto__.c") },
      text,
    ),
    operator: fc.constantFrom("eq", "neq", "contains", "in", "gt"),
    value: json,
  });
  const pattern = fc.oneof({ weight: 12, arbitrary: fc.constantFrom("*", "a", "a*", "b:c") }, text);
  const creation = fc.record(
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
  const attributes = fc.oneof(
    { weight: 9, arbitrary: fc.dictionary(fc.constantFrom("type", "a", "b", "__proto__"), json) },
    rubbish,
  );
  const request = fc.record(
    {
      subject: attributes,
      resource: attributes,
      action: fc.oneof({ weight: 9, arbitrary: fc.constantFrom("a", "ab", "b:c") }, text),
      environment: attributes,
    },
    { requiredKeys: ["subject", "resource", "action"] },
  );
  return {
    createAbacPolicy: fc.tuple(id, fc.oneof({ weight: 9, arbitrary: creation }, rubbish)),
    getAbacPolicies: fc.tuple(id),
    resolveAbacPolicies: fc.tuple(id, read),
    evaluateAbac: fc.tuple(id, fc.oneof({ weight: 9, arbitrary: request }, rubbish), read),
    deleteAbacPolicy: fc.tuple(id, policy, object({ expected_version: version })),
  };
}

/** Arguments of the methods of usage: mostly of the right shape. */
export function usageArguments(id: fc.Arbitrary<unknown>) {
  const time = fc.oneof(
    {
      weight: 9,
      arbitrary: fc.date({ noInvalidDate: true, min: new Date(0), max: new Date(1e13) }),
    },
    fc.date(),
    rubbish,
  );
  const event = {
    metric: text,
    quantity: fc.oneof(
      { weight: 9, arbitrary: fc.double({ min: 0, max: 1e15, noNaN: true }) },
      json,
    ),
    occurred_at: time,
    idempotency_key: fc.oneof({ weight: 9, arbitrary: fc.constantFrom("k", undefined) }, text),
    metadata: fc.dictionary(key, fc.jsonValue({ maxDepth: 2 }), { maxKeys: 2 }),
  };
  const query = { metric: text, from: time, to: time, include_descendants: fc.boolean() };
  return {
    recordUsage: fc.tuple(
      id,
      fc.oneof({ weight: 9, arbitrary: fc.record(event, { requiredKeys: ["metric"] }) }, rubbish),
    ),
    aggregateUsage: fc.tuple(
      fc.oneof(
        {
          weight: 9,
          arbitrary: fc.record({ tenant_id: id, ...query }, { requiredKeys: ["tenant_id"] }),
        },
        rubbish,
      ),
    ),
  };
}
