// Guards of ABAC policies.
const ABAC = "libs/lib/src/abac";
const CORE = "libs/core/src/abac";
const RACES = "test/concurrency/abac-races.pg.spec.ts";
const POLICIES = `${ABAC}/abac.pg.spec.ts`;
const EVALUATE = `${CORE}/evaluate.spec.ts`;

export const ABAC_MUTANTS = [
  {
    name: "abac: a policy is changed without the lock of its key",
    file: `${ABAC}/abac-authority.ts`,
    find: 'lock: { keys: { of: [`abac:${abacPolicyKey(policy)}`], mode: "exclusive" } },',
    replace: `lock: {},`,
    test: [RACES, "after the lock above it"],
  },
  {
    name: "abac: a policy is deleted as it was before the lock",
    file: `${ABAC}/abac-write.service.ts`,
    find: `const policy = before && (await this.store.findById(tx, tenantId, policyId));`,
    replace: `const policy = before;`,
    test: [RACES, "create one, delete one"],
  },
  {
    name: "abac: a creation does not ask whether it is delegated",
    file: `${ABAC}/abac-write.service.ts`,
    find: `this.authority.require(m.tenant, fields, fields.mode, caller);`,
    replace: ``,
    test: [`${ABAC}/abac-table.pg.spec.ts`, "creates with mode"],
  },
  {
    name: "abac: a deletion does not ask for locks above",
    file: `${ABAC}/abac-write.service.ts`,
    find: `this.authority.require(m.tenant, policy, null, call.caller);`,
    replace: ``,
    test: [`${ABAC}/abac-table.pg.spec.ts`, "deletes one of mode"],
  },
  {
    name: "abac: whoever wants to introduces a policy",
    file: "libs/lib/src/permissions/delegation.ts",
    find: `return origin !== "root" || isRoot || bound_to === null;`,
    replace: `return origin !== "root" || isRoot || bound_to === null || path !== "";`,
    test: [POLICIES, "are introduced by roots"],
  },
  {
    name: "abac: a change does not ask whether the caller sees the tenant",
    file: `${ABAC}/abac-write.service.ts`,
    find: `const request = { tenant: tenant_id, caller, operation`,
    replace: `const request = { tenant: tenant_id, caller: { ...caller, bound_to: null }, operation`,
    test: [POLICIES, "to a bound caller"],
  },
  {
    name: "abac: an answer from the cache is anybody's",
    file: "libs/lib/src/tenancy/tenant-cache.ts",
    find: `requireOnChain(chain, caller);`,
    replace: `void requireOnChain;`,
    test: [POLICIES, "to a bound caller"],
  },
  {
    name: "abac: policies name the tenants above to whoever inherits them",
    file: `${ABAC}/abac.cache.ts`,
    find: `effectiveOf(hideAbacSources(resolved, hidden));`,
    replace: `effectiveOf((void hideAbacSources, hidden, resolved));`,
    test: [POLICIES, "nameless to who may not know"],
  },
  {
    name: "abac: a refusal names the tenant above",
    file: "libs/lib/src/permissions/delegation.ts",
    find: `const known = knownTo(caller, path, source);`,
    replace: `const known = (knownTo(caller, path, source), source);`,
    test: [POLICIES, "nameless to who may not know"],
  },
  {
    name: "abac: a change does not ask for the tenant's status",
    file: `${ABAC}/abac-write.service.ts`,
    find: `tenant: tenant_id, caller, operation: CHANGE_POLICIES };`,
    replace: `tenant: tenant_id, caller, operation: null };`,
    test: [POLICIES, "answer 404, 409 and 412"],
  },
  {
    name: "abac: a deletion spares what is below",
    file: `${ABAC}/abac.store.ts`,
    find: `where t.path >= $1::ltree and t.path < $2::ltree and p.tenant_id = t.id`,
    replace: `where t.path = $1::ltree and t.path < $2::ltree and p.tenant_id = t.id`,
    test: [`${ABAC}/abac-table.pg.spec.ts`, "deletes one of mode"],
  },
  {
    name: "abac: keys are told apart by colons alone",
    file: `${CORE}/abac-policy.ts`,
    find: "return `${resource_type}\\u0000${action}\\u0000${name}`;",
    replace: "return `${resource_type}:${action}:${name}`;",
    test: [`${CORE}/abac-fold.spec.ts`, "nearest policy"],
  },
  {
    name: "abac: attributes are found on prototypes",
    file: `${CORE}/abac-attributes.ts`,
    find: `if (Object.hasOwn(holder, rest)) return`,
    replace: `if (rest in holder) return`,
    test: [EVALUATE, "is not found where nobody put it"],
  },
  {
    name: "abac: what is on the way to an attribute is found on prototypes",
    file: `${CORE}/abac-attributes.ts`,
    find: `isObject(object) && Object.hasOwn(object, name)`,
    replace: `isObject(object) && name in object`,
    test: [EVALUATE, "is not found where nobody put it"],
  },
  {
    name: "abac: a missing attribute does not make a deny's condition true",
    file: `${CORE}/evaluate.ts`,
    find: `if (!(holds(request) ?? unknown)) return false;`,
    replace: `if (!(holds(request) ?? false)) return false;`,
    test: [EVALUATE, "holds of what matches, and of nothing else"],
  },
  {
    name: "abac: a missing attribute makes an allow's condition true",
    file: `${CORE}/evaluate.ts`,
    find: `if (!(holds(request) ?? unknown)) return false;`,
    replace: `if (!(holds(request) ?? true)) return false;`,
    test: [EVALUATE, "holds of what matches, and of nothing else"],
  },
  {
    name: "abac: an unknown type is no deny's",
    file: `${CORE}/evaluate.ts`,
    find: `(coversType(type) ?? unknown)`,
    replace: `(coversType(type) ?? false)`,
    test: [EVALUATE, "whose type is unknown"],
  },
  {
    name: "abac: an attribute's own methods are called",
    file: `${CORE}/abac-condition.ts`,
    find: `return jsonEqual(value, attribute as JsonValue);
    case "neq":`,
    replace: `return jsonEqual(attribute as JsonValue, value);
    case "neq":`,
    test: [EVALUATE, "never allows by what it cannot read"],
  },
  {
    name: "abac: an allow outweighs a deny",
    file: `${CORE}/evaluate.ts`,
    find: `for (const { policy, matches } of denials) {`,
    replace: `for (const { policy, matches } of allowances.length > 0 ? [] : denials) {`,
    test: [EVALUATE, "answers as the rules say"],
  },
];
