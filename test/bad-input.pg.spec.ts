import fc from "fast-check";
import { Readable } from "node:stream";
import { buffer } from "node:stream/consumers";
import { OPERATIONS, StratumError, type Operations } from "@stratum-hq/lib";
import { consentArguments, exportArguments, regionArguments } from "./support/gdpr-arguments";
import { abacArguments, usageArguments } from "./support/abac-usage-arguments";
import { json, key, object, rubbish, slug, text, version } from "./support/hostile";
import { times } from "./support/scale";
import { useStratum } from "./support/use-stratum";

const INPUTS = times(10_000, 50_000);
const UNKNOWN = "00000000-0000-7000-8000-000000000000";

describe("whatever a caller passes", () => {
  // One connection: a method that asks for a second one while it holds it would wait for ever.
  const t = useStratum({ max: 1 });
  let ids: string[] = [];
  const victims: string[] = [];
  const policyIds: string[] = [];
  const abacPolicyIds: string[] = [];
  const keyIds: string[] = [];
  const roleIds: string[] = [];
  const regionIds: string[] = [];

  beforeAll(async () => {
    const g = await t.grow(["r", ["a", ["a1"]], ["b"]]);
    ids = Object.values(g).map((tenant) => tenant.id);
    const doomed = await t.grow(["v", ["v1"], ["v2", ["v3"]]]);
    victims.push(...Object.values(doomed).map((tenant) => tenant.id));
    for (const slug of ["eu", "us"])
      regionIds.push((await t.stratum.createRegion({ display_name: slug, slug })).id);
    for (const id of ids) {
      const mode = "DELEGATED";
      keyIds.push((await t.stratum.createApiKey(id)).id);
      roleIds.push((await t.stratum.createRole({ name: "r", scopes: ["read"], tenant_id: id })).id);
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
    // Not one of the four: later inputs would find nothing.
    const purged = fc.oneof(
      { weight: 9, arbitrary: fc.constantFrom(...victims, UNKNOWN) },
      rubbish,
    );
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
        object({ scope: fc.constantFrom("tenant", "subtree"), partial: fc.boolean() }),
      ),
      forEachTenant: fc.tuple(
        id,
        fc.constant(() => 1),
        object({ concurrency: fc.integer({ min: 1, max: 3 }) }),
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
      getTenantContext: fc.tuple(id),
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
      ...abacArguments(id, abacPolicyIds),
      ...usageArguments(id),
      ...consentArguments(id),
      ...exportArguments(id),
      ...regionArguments(id, regionIds),
      ...accessArguments(id),
      rotateEncryptionKey: fc.tuple(text),
      rotateDataKey: fc.tuple(id),
      // What is taken goes on for a minute, so that nothing is.
      rotateContextKey: fc.tuple(
        fc.oneof(
          text,
          fc.record({ overlap_seconds: fc.oneof(fc.integer({ max: 44 }), fc.constant(NaN), text) }),
        ),
      ),
      getOperation: fc.tuple(id),
      tenantPool: fc.tuple(),
      refreshReferenceTables: fc.tuple(audit),
      provisionTenant: fc.tuple(id),
      proveIsolation: fc.tuple(fc.oneof(rubbish, object({ attacks: fc.boolean() }))),
      purgeTenant: fc.tuple(purged, object({ subtree: fc.boolean() })),
      getPurgeCertificate: fc.tuple(fc.oneof(purged, id)),
      listOperations: fc.tuple(object({ ...page, tenant_id: id, state: fc.constant("running") })),
      cancelOperation: fc.tuple(id),
      resumeOperation: fc.tuple(id),
      queryAuditLogs: fc.tuple(object({ ...page, ...auditFilters(id) })),
      exportAuditLogs: fc.tuple(object(auditFilters(id))),
      getAuditEntry: fc.tuple(id),
      purgeExpiredData: fc.tuple(
        fc.oneof({ weight: 8, arbitrary: fc.integer({ min: 1, max: 400 }) }, rubbish),
        object({ tenant_id: id, include_descendants: flag }),
        audit,
      ),
      purgeExpiredAuditLogs: fc.tuple(object({ tenant_id: id, include_descendants: flag }), audit),
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

  function auditFilters(id: fc.Arbitrary<unknown>) {
    return {
      tenant_id: id,
      action: text,
      from: fc.date(),
      include_descendants: fc.boolean(),
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

  function accessArguments(id: fc.Arbitrary<unknown>) {
    const scopes = fc.array(
      fc.oneof(
        { weight: 12, arbitrary: fc.constantFrom("read", "admin", "config:write", "a:b") },
        text,
      ),
      { maxLength: 3 },
    );
    const keyId = fc.oneof({ weight: 9, arbitrary: fc.constantFrom(...keyIds) }, id);
    const roleId = fc.oneof({ weight: 9, arbitrary: fc.constantFrom(...roleIds) }, id);
    const owner = fc.option(id, { freq: 6 });
    const name = fc.oneof({ weight: 9, arbitrary: fc.string({ minLength: 1 }) }, text);
    const list = object({ limit: fc.integer({ min: 1, max: 1000 }), cursor: fc.option(id) });
    const type = fc.oneof({ weight: 9, arbitrary: fc.constantFrom("user", "service") }, text);
    const terms = { name, scopes, role_id: fc.option(roleId), rate_limit_window: fc.nat() };
    return {
      createRole: fc.tuple(
        fc.oneof({ weight: 9, arbitrary: fc.record({ name, scopes, tenant_id: owner }) }, rubbish),
      ),
      updateRole: fc.tuple(roleId, object({ name, scopes, expected_version: version })),
      deleteRole: fc.tuple(fc.oneof(id, roleId)),
      getRole: fc.tuple(roleId),
      listRoles: fc.tuple(owner, list),
      assignRole: fc.tuple(type, name, roleId, owner),
      removeRole: fc.tuple(type, name, owner),
      resolvePrincipalScopes: fc.tuple(type, name, owner),
      createApiKey: fc.tuple(owner, fc.oneof(name, object(terms)), fc.option(fc.date())),
      rotateApiKey: fc.tuple(keyId, fc.oneof(name, object({ name, overlap_ms: fc.nat(1000) }))),
      getApiKey: fc.tuple(keyId),
      listApiKeys: fc.tuple(owner, list),
      listDormantKeys: fc.tuple(fc.nat(100), list),
      revokeApiKey: fc.tuple(fc.oneof(id, keyId)),
      revokeApiKeys: fc.tuple(id, object({ subtree: fc.boolean() })),
      assignRoleToKey: fc.tuple(keyId, roleId),
      removeRoleFromKey: fc.tuple(keyId),
      resolveKeyScopes: fc.tuple(keyId),
      validateApiKey: fc.tuple(fc.oneof({ weight: 9, arbitrary: text }, rubbish)),
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
            // An export holds its connection until it is read.
            async (result) => {
              if (result instanceof Readable) await buffer(result);
            },
            (error: unknown) => error,
          );
          if (failure !== undefined && !(failure instanceof StratumError)) throw failure as Error;
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
