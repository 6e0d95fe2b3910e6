import fc from "fast-check";

/** Text of every kind that has broken something before. */
export const text = fc.oneof(
  { weight: 16, arbitrary: fc.string({ minLength: 1, maxLength: 20 }).map((s) => `t${s}`) },
  fc.string({ unit: "binary", maxLength: 300 }),
  fc.constantFrom(
    "",
    " ",
    "\u0000",
    "\ud800",
    "'; drop table stratum.tenants; --",
    "__proto__",
    "{}",
    "%",
    "🧑‍🚀",
  ),
);
export const slug = fc.stringMatching(/^[a-z][a-z0-9_]{0,30}$/);
export const key = fc.oneof(
  {
    weight: 16,
    arbitrary: fc.constantFrom("a", "b.c", "d:e-f", "constructor", "__proto__", "toString"),
  },
  fc.stringMatching(/^[A-Za-z0-9._:-]{1,255}$/),
  fc.constantFrom("stratum.rate_limit", "stratum.none"),
  text,
);
export const json = fc.oneof(
  { weight: 16, arbitrary: fc.jsonValue({ maxDepth: 4 }) },
  fc.constantFrom(null, -0, 1e308, 5e-324, Number.MAX_SAFE_INTEGER, "\u0000", { "\u0000": 1 }),
  fc.constantFrom<unknown>(
    undefined,
    NaN,
    Infinity,
    1n,
    new Date(),
    () => 1,
    Symbol("s"),
    "x".repeat(70_000),
  ),
);
export const rubbish = fc.anything({ withBigInt: true, withDate: true, withNullPrototype: true });
export const version = fc.oneof(
  { weight: 12, arbitrary: fc.constantFrom(undefined, 1, 2) },
  fc.integer(),
);

export function object(fields: Record<string, fc.Arbitrary<unknown>>): fc.Arbitrary<unknown> {
  return fc.oneof({ weight: 12, arbitrary: fc.record(fields, { requiredKeys: [] }) }, rubbish);
}

/** Left out in a third of the draws. */
export const optional = <T>(arbitrary: fc.Arbitrary<T>) =>
  fc.option(arbitrary, { nil: undefined, freq: 3 });

export const metadata = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.dictionary(fc.string({ maxLength: 8 }), fc.jsonValue({ maxDepth: 2 })),
  },
  json,
);
export const name = fc.oneof(
  { weight: 6, arbitrary: fc.string({ minLength: 1, maxLength: 30 }) },
  text,
);
export const page = {
  cursor: fc.oneof({ weight: 8, arbitrary: fc.constant(undefined) }, text),
  limit: optional(
    fc.oneof({ weight: 8, arbitrary: fc.integer({ min: 1, max: 1000 }) }, fc.integer()),
  ),
};
export const audit = fc.option(
  object({
    actor_id: fc.constant("a"),
    actor_type: fc.constantFrom("jwt", "system", "api_key", "robot"),
  }),
  { nil: undefined, freq: 2 },
);
export const flag = fc.oneof({ weight: 9, arbitrary: optional(fc.boolean()) }, rubbish);
export const reading = fc.oneof(fc.constantFrom(undefined, { consistency: "strong" }), rubbish);

/** A list that is given by the id of its last entry. */
export const listAfter = (id: fc.Arbitrary<unknown>) =>
  object({ limit: fc.integer({ min: 1, max: 1000 }), cursor: fc.option(id) });

export const scopes = fc.array(
  fc.oneof(
    { weight: 12, arbitrary: fc.constantFrom("read", "admin", "config:write", "a:b") },
    text,
  ),
  { maxLength: 3 },
);
