import fc from "fast-check";
import { OPERATIONS, StratumError, type Operations } from "@stratum-hq/lib";
import { times } from "./support/scale";
import { useStratum } from "./support/use-stratum";

const INPUTS = times(10_000, 50_000);
const UNKNOWN = "00000000-0000-7000-8000-000000000000";

/** Text of every kind that has broken something before. */
const text = fc.oneof(
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
const slug = fc.stringMatching(/^[a-z][a-z0-9_]{0,30}$/);
const key = fc.oneof(
  {
    weight: 16,
    arbitrary: fc.constantFrom("a", "b.c", "d:e-f", "constructor", "__proto__", "toString"),
  },
  fc.stringMatching(/^[A-Za-z0-9._:-]{1,255}$/),
  fc.constantFrom("stratum.rate_limit", "stratum.none"),
  text,
);
const json = fc.oneof(
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
const rubbish = fc.anything({ withBigInt: true, withDate: true, withNullPrototype: true });
const version = fc.oneof({ weight: 12, arbitrary: fc.constantFrom(undefined, 1, 2) }, fc.integer());

function object(fields: Record<string, fc.Arbitrary<unknown>>): fc.Arbitrary<unknown> {
  return fc.oneof({ weight: 12, arbitrary: fc.record(fields, { requiredKeys: [] }) }, rubbish);
}

describe("whatever a caller passes", () => {
  const t = useStratum();
  let ids: string[] = [];
  const policyIds: string[] = [];
  const abacPolicyIds: string[] = [];

  beforeAll(async () => {
    const g = await t.grow(["r", ["a", ["a1"]], ["b"]]);
    ids = Object.values(g).map((tenant) => tenant.id);
    for (const id of ids) {
      const mode = "DELEGATED";
      policyIds.push((await t.stratum.createPermission(id, { key: `key.${id}`, mode })).id);
      const policy = { name: id, resource_type: "a", action: "*", effect: "deny", mode } as const;
      abacPolicyIds.push((await t.stratum.createAbacPolicy(id, policy)).id);
    }
  });

  /** Arguments for each method: mostly of the right shape. */
  function argumentsOf(): { [Method in keyof Operations]: fc.Arbitrary<unknown[]> } {
    const id = fc.oneof(
      { weight: 9, arbitrary: fc.constantFrom(...ids) },
      fc.constantFrom(UNKNOWN, ids[0]!.toUpperCase()),
      rubbish,
    );
    const metadata = fc.oneof(
      {
        weight: 6,
        arbitrary: fc.dictionary(fc.string({ maxLength: 8 }), fc.jsonValue({ maxDepth: 2 })),
      },
      json,
    );
    const name = fc.oneof(
      { weight: 6, arbitrary: fc.string({ minLength: 1, maxLength: 30 }) },
      text,
    );
    const optional = <T>(arbitrary: fc.Arbitrary<T>) =>
      fc.option(arbitrary, { nil: undefined, freq: 3 });
    const creation = {
      name,
      parent_id: fc.option(id, { freq: 8 }),
      slug: optional(fc.oneof({ weight: 4, arbitrary: slug }, text)),
      external_id: optional(text),
      metadata: optional(metadata),
      config: optional(fc.dictionary(key, json, { maxKeys: 3 })),
    };
    const named = { ...creation, name: name as fc.Arbitrary<unknown> };
    const create = fc.oneof(
      { weight: 10, arbitrary: fc.record(named, { requiredKeys: ["name"] }) },
      rubbish,
    );
    const page = {
      cursor: fc.oneof({ weight: 8, arbitrary: fc.constant(undefined) }, text),
      limit: optional(
        fc.oneof({ weight: 8, arbitrary: fc.integer({ min: 1, max: 1000 }) }, fc.integer()),
      ),
    };
    const audit = fc.option(
      object({
        actor_id: fc.constant("a"),
        actor_type: fc.constantFrom("jwt", "system", "api_key", "robot"),
      }),
      { nil: undefined, freq: 2 },
    );
    const status = object({ subtree: fc.boolean(), reason: text, expected_version: version });
    const flag = fc.oneof({ weight: 9, arbitrary: optional(fc.boolean()) }, rubbish);
    const entry = { value: json, locked: optional(fc.boolean()), expected_version: version };
    return {
      createTenant: fc.tuple(create, audit),
      createOrganization: fc.tuple(
        fc.oneof({ weight: 8, arbitrary: fc.record({ name }) }, create),
        audit,
      ),
      batchCreateTenants: fc.tuple(
        fc.oneof(
          {
            weight: 9,
            arbitrary: fc.array(
              fc.oneof(create, object({ ...named, parent_index: fc.integer() })),
              { minLength: 1, maxLength: 4 },
            ),
          },
          rubbish,
        ),
      ),
      getTenant: fc.tuple(id, flag),
      getTenantBySlug: fc.tuple(fc.oneof({ weight: 4, arbitrary: slug }, text, rubbish)),
      getTenantByExternalId: fc.tuple(id, text),
      getOrganization: fc.tuple(id),
      updateTenant: fc.tuple(
        id,
        object({
          name,
          slug: optional(slug),
          external_id: optional(text),
          metadata: optional(metadata),
          expected_version: version,
        }),
      ),
      runInTenant: fc.tuple(
        id,
        fc.constant(() => 1),
      ),
      listTenants: fc.tuple(
        object({ ...page, parent_id: fc.option(id), include_archived: fc.boolean() }),
      ),
      listOrganizations: fc.tuple(object(page)),
      getAncestors: fc.tuple(id),
      getRoot: fc.tuple(id),
      getChildren: fc.tuple(id, flag),
      getDescendants: fc.tuple(id, flag),
      listDescendants: fc.tuple(id, object(page)),
      moveTenant: fc.tuple(id, fc.option(id), object({ expected_version: version })),
      reorderTenant: fc.tuple(id, fc.oneof({ weight: 4, arbitrary: fc.nat(5) }, rubbish)),
      suspendTenant: fc.tuple(id, status),
      resumeTenant: fc.tuple(id, status),
      archiveTenant: fc.tuple(id, status),
      deleteTenant: fc.tuple(id, status),
      resolveConfig: fc.tuple(
        id,
        fc.oneof(fc.constantFrom(undefined, { consistency: "strong" }), rubbish),
      ),
      getConfigWithInheritance: fc.tuple(id),
      diffConfig: fc.tuple(id, id),
      computeDrift: fc.tuple(id, id),
      batchComputeDrift: fc.tuple(
        id,
        fc.oneof({ weight: 6, arbitrary: fc.array(id, { maxLength: 4 }) }, rubbish),
      ),
      setConfig: fc.tuple(
        id,
        key,
        fc.oneof({ weight: 9, arbitrary: fc.record(entry, { requiredKeys: ["value"] }) }, rubbish),
        audit,
      ),
      deleteConfig: fc.tuple(id, key, object({ expected_version: version })),
      batchSetConfig: fc.tuple(
        id,
        fc.oneof(
          {
            weight: 9,
            arbitrary: fc.array(object({ key, ...entry }), { minLength: 1, maxLength: 5 }),
          },
          rubbish,
        ),
      ),
      ...permissionArguments(id, page),
      ...abacArguments(id),
      ...usageArguments(id),
      queryAuditLogs: fc.tuple(
        object({
          ...page,
          tenant_id: id,
          action: text,
          from: fc.date(),
          include_descendants: fc.boolean(),
        }),
      ),
      getAuditEntry: fc.tuple(id),
      recordAuditEvent: fc.tuple(
        fc.oneof(
          {
            weight: 8,
            arbitrary: fc.record(
              {
                actorId: name,
                action: name,
                resourceType: name,
                tenantId: fc.option(id),
                before: optional(json),
                metadata: optional(metadata),
              },
              { requiredKeys: ["actorId", "action", "resourceType"] },
            ),
          },
          rubbish,
        ),
      ),
    };
  }

  function permissionArguments(
    id: fc.Arbitrary<unknown>,
    page: Record<string, fc.Arbitrary<unknown>>,
  ) {
    const mode = fc.constantFrom("LOCKED", "INHERITED", "DELEGATED");
    const revocation_mode = fc.constantFrom("CASCADE", "SOFT", "PERMANENT");
    const force = fc.boolean();
    const policy = fc.oneof({ weight: 9, arbitrary: fc.constantFrom(...policyIds) }, id);
    const read = fc.oneof(fc.constantFrom(undefined, { consistency: "strong" }), rubbish);
    const creation = fc.record(
      { key, value: json, mode, revocation_mode },
      { requiredKeys: ["key"] },
    );
    const change = { value: json, mode, revocation_mode, expected_version: version, force };
    return {
      resolvePermissions: fc.tuple(id, read),
      checkPermission: fc.tuple(id, key, read),
      explainPermission: fc.tuple(id, key),
      listPermissionBans: fc.tuple(id, object(page)),
      createPermission: fc.tuple(id, fc.oneof({ weight: 9, arbitrary: creation }, rubbish)),
      updatePermission: fc.tuple(id, policy, object(change)),
      deletePermission: fc.tuple(id, policy, object({ expected_version: version, force })),
      banPermission: fc.tuple(id, key, object({ force })),
      liftPermissionBan: fc.tuple(id, key),
    };
  }

  function abacArguments(id: fc.Arbitrary<unknown>) {
    const read = fc.oneof(fc.constantFrom(undefined, { consistency: "strong" }), rubbish);
    const policy = fc.oneof({ weight: 9, arbitrary: fc.constantFrom(...abacPolicyIds) }, id);
    const condition = object({
      attribute: fc.oneof(
        { weight: 4, arbitrary: fc.constantFrom("subject.a", "b", "__proto__.c") },
        text,
      ),
      operator: fc.constantFrom("eq", "neq", "contains", "in", "gt"),
      value: json,
    });
    const pattern = fc.oneof(
      { weight: 12, arbitrary: fc.constantFrom("*", "a", "a*", "b:c") },
      text,
    );
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

  function usageArguments(id: fc.Arbitrary<unknown>) {
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

  it(
    `is answered by a StratumError or a result (${INPUTS} inputs)`,
    async () => {
      const accepted = new Map<string, [passed: number, all: number]>();
      const generators = Object.entries(argumentsOf()) as [
        keyof Operations,
        fc.Arbitrary<unknown[]>,
      ][];
      expect(generators.map(([name]) => name).sort()).toEqual(Object.keys(OPERATIONS).sort());
      const call = fc.oneof(...generators.map(([name, args]) => fc.tuple(fc.constant(name), args)));
      await fc.assert(
        fc.asyncProperty(call, async ([name, args]) => {
          const method = t.stratum[name] as (...args: unknown[]) => Promise<unknown>;
          const failure: unknown = await method.apply(t.stratum, args).then(
            () => null,
            (error: unknown) => error,
          );
          if (failure !== null && !(failure instanceof StratumError)) throw failure as Error;
          const code = failure?.code ?? "ok";
          if (
            code === "INTERNAL_ERROR" ||
            code === "DATABASE_ERROR" ||
            code === "DATABASE_UNAVAILABLE"
          ) {
            throw new Error(`${name} answered ${code}`, { cause: failure?.cause });
          }
          const [passed, all] = accepted.get(name) ?? [0, 0];
          accepted.set(name, [passed + (code === "VALIDATION_ERROR" ? 0 : 1), all + 1]);
          await reopen(name);
        }),
        { numRuns: INPUTS },
      );
      const counts = [...accepted].sort(([a], [b]) => (a < b ? -1 : 1));
      const total = counts.reduce((sum, [, [passed]]) => sum + passed, 0);
      console.log(
        `bad input: ${total} of ${INPUTS} passed their schema\n` +
          counts.map(([name, [passed, all]]) => `  ${name} ${passed}/${all}`).join("\n"),
      );
      expect(total).toBeGreaterThanOrEqual(INPUTS / 2);
    },
    times(800_000, 3_600_000),
  );

  /** Keeps the four tenants open, so that later inputs find more than a shut door. */
  async function reopen(name: keyof Operations): Promise<void> {
    if (!["suspendTenant", "archiveTenant", "deleteTenant"].includes(name)) return;
    await t.rows("update stratum.tenants set status = 'active' where id = any($1)", [ids]);
  }
});
