import fc from "fast-check";
import { jsonEqual } from "../json/json-equal";
import type { JsonValue } from "../json/json-value";
import { ABAC_OPERATORS, type AbacOperator, type AbacRequest } from "./abac.schemas";
import { evaluateAbacPolicies, type AbacRule } from "./evaluate";

const RULE: AbacRule = {
  name: "n",
  resource_type: "*",
  action: "*",
  effect: "allow",
  conditions: [],
  priority: 0,
};
const REQUEST: AbacRequest = { subject: {}, resource: { type: "invoice" }, action: "read" };

/** Whether the condition of an allow, or of a deny, holds of a subject. */
function holds(
  effect: "allow" | "deny",
  attribute: string,
  operator: AbacOperator,
  value: JsonValue,
  request: Partial<AbacRequest>,
): boolean {
  const rule = { ...RULE, effect, conditions: [{ attribute, operator, value }] };
  const { reason, matched_policy } = evaluateAbacPolicies([rule], { ...REQUEST, ...request });
  expect(matched_policy).toBe(reason === "no_matching_policy" ? null : rule);
  return reason === (effect === "allow" ? "explicit_allow" : "explicit_deny");
}

/** Of each operator: its value, an attribute that matches, one that does not, one that it cannot compare. */
const OPERATORS: Record<
  AbacOperator,
  [value: JsonValue, ...attributes: [unknown, unknown, unknown]]
> = {
  eq: ["a", "a", "b", Number.NaN],
  neq: ["a", "b", "a", undefined],
  in: [["a", { b: 1 }], { b: 1 }, "c", () => "a"],
  not_in: [["a"], "b", "a", Symbol("a")],
  contains: ["b", ["a", "b"], "acd", 7],
  gt: [5, 6, 5, "6"],
  gte: [5, 5, 4, null],
  lt: ["b", "a", "b", 0],
  lte: ["b", "b", "c", ["a"]],
};

describe.each(ABAC_OPERATORS)("a condition with %s", (operator) => {
  const [value, match, mismatch, incomparable] = OPERATORS[operator];

  it.each(["allow", "deny"] as const)(
    "of an %s holds of what matches, and of nothing else",
    (effect) => {
      const of = (x: unknown) => holds(effect, "subject.x", operator, value, { subject: { x } });
      expect(of(match)).toBe(true);
      expect(of(mismatch)).toBe(false);
      expect(of(incomparable)).toBe(effect === "deny");
      expect(holds(effect, "subject.x", operator, value, { subject: {} })).toBe(effect === "deny");
    },
  );
});

describe("an attribute", () => {
  const found = (attribute: string, value: JsonValue, request: Partial<AbacRequest>) =>
    holds("allow", attribute, "eq", value, request);

  it("of a namespace is looked for there alone", () => {
    const request = { subject: { a: 1 }, resource: { a: 2 }, environment: { a: 3, b: 4 } };
    expect(found("subject.a", 1, request)).toBe(true);
    expect(found("resource.a", 2, request)).toBe(true);
    expect(found("environment.a", 3, request)).toBe(true);
    expect(holds("deny", "subject.b", "eq", 0, request)).toBe(true);
  });

  it("with a bare name is the subject's, else the resource's, else the environment's", () => {
    const a = (n: number) => ({ a: n });
    expect(found("a", 1, { subject: a(1), resource: a(2), environment: a(3) })).toBe(true);
    expect(found("a", 2, { resource: a(2), environment: a(3) })).toBe(true);
    expect(found("a", 3, { environment: a(3) })).toBe(true);
    expect(found("a.b", 3, { subject: a(1), environment: { a: { b: 3 } } })).toBe(true);
    expect(found("subject", 1, { environment: { subject: 1 } })).toBe(true);
  });

  it("that is null is there", () => {
    expect(found("a", null, { subject: { a: null }, resource: { a: 1 } })).toBe(true);
    expect(found("a", null, {})).toBe(false);
  });

  it("is followed by its dots, save where a property has them in its name", () => {
    expect(found("subject.a.b.c", 1, { subject: { a: { b: { c: 1 } } } })).toBe(true);
    expect(found("subject.a.b", 2, { subject: { "a.b": 2, a: { b: 1 } } })).toBe(true);
    expect(found("subject.a.b.c", 3, { subject: { a: { "b.c": 3, b: { c: 1 } } } })).toBe(true);
    expect(found("subject.a.0", 1, { subject: { a: [1] } })).toBe(false);
  });

  it.each(["constructor", "__proto__", "toString", "role", "a.__proto__", "a.role", "inner.role"])(
    "%s is not found where nobody put it",
    (name) => {
      const inherited = { role: "admin", inner: { role: "admin" } };
      const bare = Object.create(inherited) as Record<string, unknown>;
      const subject = Object.assign(bare, { a: Object.create(inherited) as unknown });
      for (const attribute of [name, `subject.${name}`]) {
        expect(holds("allow", attribute, "neq", "x", { subject })).toBe(false);
        expect(holds("deny", attribute, "eq", "x", { subject })).toBe(true);
      }
      const given = JSON.parse(`{ "${name}": 1 }`) as Record<string, unknown>;
      expect(found(`subject.${name}`, 1, { subject: given })).toBe(true);
    },
  );
});

describe("a pattern", () => {
  const covers = (resource_type: string, type: string) =>
    evaluateAbacPolicies([{ ...RULE, resource_type }], { ...REQUEST, resource: { type } }).allowed;

  it("stands for a name, or with * for every rest of it", () => {
    expect(covers("invoice", "invoice")).toBe(true);
    expect(covers("invoice", "invoices")).toBe(false);
    expect(covers("invoice*", "invoice")).toBe(true);
    expect(covers("invoice*", "invoice.line")).toBe(true);
    expect(covers("invoice*", "inv")).toBe(false);
    expect(covers("*", "anything")).toBe(true);
  });

  it("covers for a deny, and not for an allow, a resource whose type is unknown", () => {
    const resource = { type: 7 };
    const of = (effect: "allow" | "deny", resource_type: string) =>
      evaluateAbacPolicies([{ ...RULE, effect, resource_type }], { ...REQUEST, resource }).reason;
    expect(of("allow", "invoice")).toBe("no_matching_policy");
    expect(of("allow", "*")).toBe("explicit_allow");
    expect(of("deny", "invoice")).toBe("explicit_deny");
  });
});

describe("evaluateAbacPolicies", () => {
  const value = fc.constantFrom<JsonValue>(0, 1, 2, "a", "ab", "b", null, true, ["a", 1], { a: 1 });
  const name = fc.constantFrom("x", "y", "x.y", "type", "toString");
  const space = fc.constantFrom("", "subject.", "resource.", "environment.");
  const condition = fc
    .record({
      attribute: fc.tuple(space, name).map((parts) => parts.join("")),
      operator: fc.constantFrom(...ABAC_OPERATORS),
      value,
      values: fc.array(value, { maxLength: 3 }),
    })
    .map(({ values, ...one }) => (/in$/.test(one.operator) ? { ...one, value: values } : one));
  const rule: fc.Arbitrary<AbacRule> = fc.record({
    name: fc.constantFrom("n1", "n2", "n3"),
    resource_type: fc.constantFrom("*", "a*", "a", "ab"),
    action: fc.constantFrom("*", "read", "re*"),
    effect: fc.constantFrom("allow", "allow", "deny"),
    conditions: fc.array(condition, { maxLength: 2 }),
    priority: fc.integer({ min: -1, max: 1 }),
  });
  const attributes = fc.dictionary(
    fc.constantFrom("x", "y", "x.y", "toString"),
    fc.oneof(value, fc.record({ y: value })),
    { maxKeys: 3 },
  );
  const request: fc.Arbitrary<AbacRequest> = fc.record({
    subject: attributes,
    resource: fc.record({ type: fc.constantFrom("a", "ab", "b"), x: value }, { requiredKeys: [] }),
    action: fc.constantFrom("read", "reap", "write"),
    environment: fc.option(attributes, { nil: undefined }),
  });

  /** The rules as sentences. */
  function naive(
    rules: readonly AbacRule[],
    { subject, resource, action, environment }: AbacRequest,
  ) {
    const spaces = { subject, resource, environment: environment ?? {} };
    const find = (object: Record<string, unknown>, path: string): unknown => {
      const flat = new Map(Object.entries(object));
      if (flat.has(path)) return flat.get(path);
      const [first, ...rest] = path.split(".") as [string, ...string[]];
      const inner = flat.get(first);
      const deeper = rest.length > 0 && typeof inner === "object" && inner !== null;
      return deeper && !Array.isArray(inner) ? find(inner as never, rest.join(".")) : undefined;
    };
    const attributeOf = (path: string): unknown => {
      const [, space, rest] = /^(subject|resource|environment)\.(.*)$/.exec(path) ?? [];
      if (space !== undefined) return find(spaces[space as keyof typeof spaces], rest!);
      return Object.values(spaces)
        .map((each) => find(each, path))
        .find((found) => found !== undefined);
    };
    const has = (list: unknown, item: unknown) =>
      Array.isArray(list) ? list.some((each) => jsonEqual(each as never, item as never)) : "?";
    const ordered = (a: unknown, b: unknown) =>
      typeof a === typeof b && ["number", "string"].includes(typeof a);
    const test = ({ attribute, operator, value: wanted }: AbacRule["conditions"][number]) => {
      const found = attributeOf(attribute);
      if (found === undefined) return "?";
      const [a, w] = [found, wanted] as [never, never];
      if (operator === "eq") return jsonEqual(a, w);
      if (operator === "neq") return !jsonEqual(a, w);
      if (operator === "in") return has(w, a);
      if (operator === "not_in") return has(w, a) === false;
      if (operator === "contains")
        return typeof a === "string" && typeof w === "string"
          ? (a as string).includes(w)
          : has(a, w);
      if (!ordered(a, w)) return "?";
      return { gt: a > w, gte: a >= w, lt: a < w, lte: a <= w }[operator];
    };
    const like = (pattern: string, given: unknown) =>
      pattern === "*" ||
      (typeof given !== "string"
        ? "?"
        : pattern.endsWith("*")
          ? given.startsWith(pattern.replace("*", ""))
          : given === pattern);
    const matching = (effect: string) =>
      rules.filter((each) => {
        const answers = [
          like(each.resource_type, (resource as { type?: unknown }).type),
          like(each.action, action),
          ...each.conditions.map(test),
        ];
        return (
          each.effect === effect &&
          answers.every((a) => a === true || (a === "?" && effect === "deny"))
        );
      });
    const [denies, allows] = [matching("deny"), matching("allow")];
    const deciding = denies.length > 0 ? denies : allows;
    const key = (each: AbacRule) => [each.resource_type, each.action, each.name].join("\u0000");
    const [first] = [...deciding].sort(
      (a, b) => b.priority - a.priority || (key(a) < key(b) ? -1 : key(a) > key(b) ? 1 : 0),
    );
    return {
      allowed: denies.length === 0 && allows.length > 0,
      first,
      reason:
        denies.length > 0
          ? "explicit_deny"
          : allows.length > 0
            ? "explicit_allow"
            : "no_matching_policy",
    };
  }

  it("answers as the rules say, in whatever order the policies come", () => {
    const seen = new Set<string>();
    const rules = fc.uniqueArray(rule, {
      maxLength: 8,
      selector: ({ resource_type, action, name: n }) => `${resource_type} ${action} ${n}`,
    });
    fc.assert(
      fc.property(rules, request, (list, asked) => {
        const { first, ...expected } = naive(list, asked);
        for (const order of [list, [...list].reverse()]) {
          const { matched_policy, ...answer } = evaluateAbacPolicies(order, asked);
          expect(answer).toEqual(expected);
          expect(matched_policy).toBe(first ?? null);
        }
        seen.add(expected.reason);
      }),
      { numRuns: 3000 },
    );
    expect([...seen].sort()).toEqual(["explicit_allow", "explicit_deny", "no_matching_policy"]);
  });

  it("never throws, and never allows by what it cannot read", () => {
    const trap = new Proxy({}, { getOwnPropertyDescriptor: raise, get: raise, ownKeys: raise });
    const thrower = Object.defineProperty({}, "x", { get: raise, enumerable: true });
    const liar = Object.assign([], { some: () => true, every: () => true });
    const hostile: unknown[] = [null, undefined, 7, "s", trap, thrower, liar, { x: trap }];
    const conditions = ABAC_OPERATORS.map((operator) => ({
      attribute: "x",
      operator,
      value: operator.endsWith("in") ? [{ a: 1 }] : { a: 1 },
    }));
    for (const each of conditions) {
      for (const odd of hostile) {
        for (const asked of [odd, { subject: odd, resource: odd, action: odd, environment: odd }]) {
          const ask = (effect: "allow" | "deny") =>
            evaluateAbacPolicies([{ ...RULE, effect, conditions: [each] }], asked as never);
          expect(ask("allow").allowed).toBe(false);
          expect(ask("deny").reason).toBe("explicit_deny");
        }
      }
    }
    const one = { subject: { x: Object.assign([1], { every: () => true }) } };
    expect(holds("allow", "x", "eq", [2], one)).toBe(false);
    expect(holds("allow", "x", "in", [[2]], one)).toBe(false);
    expect(holds("allow", "x", "contains", 2, one)).toBe(false);
    fc.assert(
      fc.property(fc.array(rule), fc.anything({ withNullPrototype: true }), (list, asked) => {
        evaluateAbacPolicies(list, asked as never);
      }),
    );
  });

  it("compares what is nested without end or in circles no deeper than the policy is", () => {
    const circle: Record<string, unknown> = {};
    circle.a = circle;
    let deep: unknown = 1;
    for (let level = 0; level < 100_000; level += 1) deep = { a: deep };
    for (const x of [circle, deep]) {
      expect(holds("allow", "subject.x", "eq", { a: { a: 1 } }, { subject: { x } })).toBe(false);
    }
  });
});

function raise(): never {
  throw new Error("hostile");
}
