import type { CreatedApiKey, Tenant } from "@stratum-hq/lib";
import { Client, type QueryConfig } from "pg";
import { useStratum } from "../../../test/support/use-stratum";
import { DECLARED } from "./declarations";

const MANY = 20_000;
const TABLES = DECLARED.controlTables.map(({ table }) => table);
const SEQUENTIAL = new RegExp(`Seq Scan on (${TABLES.join("|")})`);

/** The statements that `work` sends, with their values. */
async function statementsOf(work: () => Promise<unknown>): Promise<QueryConfig[]> {
  const query = jest.spyOn(Client.prototype, "query");
  try {
    await work();
    return query.mock.calls
      .map(([first]) => first as unknown as QueryConfig)
      .filter((statement) => typeof statement === "object");
  } finally {
    query.mockRestore();
  }
}

describe("every statement of a hot path, among twenty thousand tenants", () => {
  const t = useStratum();
  let leaf: Tenant;
  let middle: Tenant;
  let key: CreatedApiKey;
  let policy: string;

  beforeAll(async () => {
    const g = await t.grow(["root", ["middle", ["leaf"]]]);
    [middle, leaf] = [g.middle!, g.leaf!];
    await t.stratum.setConfig(middle.id, "k", { value: 1, locked: true });
    await t.rows(
      `insert into stratum.tenants (id, parent_id, path, name, slug, external_id)
       select id, $1::uuid, (replace($1::uuid::text, '-', '') || '.' || replace(id::text, '-', ''))::ltree,
              'n', 'many_' || n, 'e' || n
       from (select gen_random_uuid() as id, n from generate_series(1, $2::int) as n) as g`,
      [g.root!.id, MANY],
    );
    await t.rows(`insert into stratum.config_entries (tenant_id, key, value)
      select id, 'key', '1' from stratum.tenants`);
    await t.rows(`insert into stratum.permission_policies (id, tenant_id, key, mode)
      select gen_random_uuid(), id, 'key', 'DELEGATED' from stratum.tenants`);
    await t.rows(`insert into stratum.permission_bans (tenant_id, key)
      select id, 'banned' from stratum.tenants`);
    await t.rows(`insert into stratum.audit_logs (id, operation_id, actor_id, actor_type, action, resource_type, tenant_id)
      select gen_random_uuid(), id, 'a', 'system', 'x', 'y', id from stratum.tenants`);
    await t.rows(`insert into stratum.webhook_events (id, type, tenant_id, operation_id)
      select gen_random_uuid(), 'tenant.created', id, id from stratum.tenants`);
    await t.rows(`insert into stratum.abac_policies (id, tenant_id, name, resource_type, action, effect)
      select id, id, 'n', 'doc', 'read', 'allow' from stratum.tenants`);
    await t.rows(`insert into stratum.usage_events (id, tenant_id, metric, idempotency_key)
      select id, id, 'calls', 'first' from stratum.tenants`);
    await t.rows(`insert into stratum.consent_records (id, tenant_id, subject_id, purpose)
      select id, id, 's', 'p' from stratum.tenants`);
    await t.rows(`insert into stratum.roles (id, tenant_id, name, scopes)
      select id, id, 'r', '{read}' from stratum.tenants`);
    await t.rows(`insert into stratum.api_keys
        (id, tenant_id, key_prefix, key_hint, key_hash, scopes, role_id)
      select id, id, 'sk_', 'abcd', sha256(id::text::bytea), '{read}', id from stratum.tenants`);
    await t.rows(`insert into stratum.principal_roles (id, principal_type, principal_id, tenant_id, role_id)
      select id, 'user', 'u' || id, id, id from stratum.tenants`);
    key = await t.stratum.createApiKey(leaf.id, { role_id: leaf.id });
    await t.rows(`insert into stratum.operations
        (id, type, tenant_id, state, progress, actor_id, actor_type, claim_id)
      select id, 'export', id, 'succeeded', '{}', 'a', 'system', id from stratum.tenants`);
    await t.rows(`insert into stratum.tenant_keys (id, tenant_id, version, master_key_id, wrapped)
      select id, id, 1, 'm', 'w' from stratum.tenants`);
    await t.rows("analyze");
    await t.stratum.resolveConfig(leaf.id);
    policy = (await t.stratum.createPermission(middle.id, { key: "own" })).id;
  });

  const operationOf = async (tenant: Tenant) => {
    const { data } = await t.stratum.listOperations({ tenant_id: tenant.id, limit: 1 });
    return data[0]!.id;
  };

  const OPERATIONS: Record<string, () => Promise<unknown>> = {
    getTenant: () => t.stratum.getTenant(leaf.id),
    getTenantBySlug: () => t.stratum.getTenantBySlug("many_7"),
    getTenantByExternalId: () => t.stratum.getTenantByExternalId(leaf.id, "e7"),
    getAncestors: () => t.stratum.getAncestors(leaf.id),
    getChildren: () => t.stratum.getChildren(middle.id),
    listDescendants: () => t.stratum.listDescendants(middle.id, { limit: 100 }),
    listTenants: () => t.stratum.listTenants({ limit: 100 }),
    resolveConfig: () => t.stratum.resolveConfig(leaf.id, { consistency: "strong" }),
    computeDrift: () => t.stratum.computeDrift(middle.id, leaf.id),
    queryAuditLogs: () => t.stratum.queryAuditLogs({ tenant_id: leaf.id, limit: 10 }),
    "queryAuditLogs of the platform": () => t.stratum.queryAuditLogs({ limit: 10 }),
    createTenant: () =>
      t.stratum.createTenant({ name: "n", parent_id: leaf.id, external_id: "z", config: { z: 1 } }),
    updateTenant: () => t.stratum.updateTenant(leaf.id, { name: "other" }),
    setConfig: () => t.stratum.setConfig(leaf.id, "own", { value: 1 }),
    deleteConfig: () => t.stratum.deleteConfig(leaf.id, "own"),
    resolvePermissions: () => t.stratum.resolvePermissions(leaf.id, { consistency: "strong" }),
    checkPermission: () => t.stratum.checkPermission(leaf.id, "key", { consistency: "strong" }),
    explainPermission: () => t.stratum.explainPermission(leaf.id, "key"),
    listPermissionBans: () => t.stratum.listPermissionBans(leaf.id),
    createPermission: () => t.stratum.createPermission(leaf.id, { key: "new" }),
    updatePermission: () => t.stratum.updatePermission(middle.id, policy, { value: 1 }),
    "deletePermission of a subtree": () => t.stratum.deletePermission(middle.id, policy),
    banPermission: () => t.stratum.banPermission(middle.id, "key"),
    liftPermissionBan: () => t.stratum.liftPermissionBan(middle.id, "key"),
    moveTenant: () => t.stratum.moveTenant(leaf.id, middle.parent_id),
    suspendTenant: () => t.stratum.suspendTenant(leaf.id, { subtree: true }),
    resumeTenant: () => t.stratum.resumeTenant(leaf.id, { subtree: true }),
    getAbacPolicies: () => t.stratum.getAbacPolicies(leaf.id),
    evaluateAbac: () =>
      t.stratum.evaluateAbac(
        leaf.id,
        { subject: {}, resource: {}, action: "read" },
        { consistency: "strong" },
      ),
    "createAbacPolicy and deleteAbacPolicy": async () => {
      const policy = { name: "new", resource_type: "*", action: "*", effect: "deny" } as const;
      const { id } = await t.stratum.createAbacPolicy(leaf.id, policy);
      await t.stratum.deleteAbacPolicy(leaf.id, id);
    },
    "recordUsage of a new and of a known key": async () => {
      for (const idempotency_key of ["new", "first"])
        await t.stratum.recordUsage(leaf.id, { metric: "calls", idempotency_key });
    },
    aggregateUsage: async () => {
      const window = { from: new Date(0), to: new Date() };
      await t.stratum.aggregateUsage({ tenant_id: leaf.id });
      await t.stratum.aggregateUsage({ tenant_id: leaf.id, metric: "calls", ...window });
    },
    "aggregateUsage of a subtree": async () => {
      const subtree = { tenant_id: middle.id, include_descendants: true };
      await t.stratum.aggregateUsage(subtree);
      await t.stratum.aggregateUsage({ ...subtree, metric: "calls", from: new Date(0) });
    },
    "grantConsent and revokeConsent": async () => {
      await t.stratum.grantConsent(leaf.id, { subject_id: "s", purpose: "p" });
      await t.stratum.revokeConsent(leaf.id, "s", "p");
    },
    getActiveConsent: () => t.stratum.getActiveConsent(leaf.id, "s", "p"),
    listConsent: async () => {
      await t.stratum.listConsent(leaf.id, "s");
      await t.stratum.listConsent(leaf.id, null, { limit: 10 });
    },
    createApiKey: () => t.stratum.createApiKey(leaf.id, { role_id: leaf.id }),
    rotateApiKey: () => t.stratum.rotateApiKey(key.id, { overlap_ms: 1000 }),
    validateApiKey: () => t.stratum.validateApiKey(key.plaintext_key, { consistency: "strong" }),
    getApiKey: () => t.stratum.getApiKey(key.id),
    listApiKeys: () => t.stratum.listApiKeys(leaf.id),
    revokeApiKeys: () => t.stratum.revokeApiKeys(leaf.id, { subtree: true }),
    createRole: () => t.stratum.createRole({ name: "new", scopes: [], tenant_id: leaf.id }),
    updateRole: () => t.stratum.updateRole(leaf.id, { name: "renamed" }),
    "deleteRole that is in use": () => t.stratum.deleteRole(leaf.id).catch(() => undefined),
    listRoles: () => t.stratum.listRoles(leaf.id, { limit: 100 }),
    assignRole: () => t.stratum.assignRole("user", "v", leaf.id, leaf.id),
    removeRole: () => t.stratum.removeRole("user", "v", leaf.id),
    resolvePrincipalScopes: () => t.stratum.resolvePrincipalScopes("user", "w", leaf.id),
    getOperation: async () => t.stratum.getOperation(await operationOf(leaf)),
    listOperations: () => t.stratum.listOperations({ limit: 100 }),
    cancelOperation: async () => t.stratum.cancelOperation(await operationOf(leaf)).catch(() => 0),
    purgeTenant: async () => {
      const [one] = await t.rows<{ id: string }>(
        "select id from stratum.tenants where slug = 'many_9'",
      );
      await t.stratum.purgeTenant(one!.id);
      await t.stratum.getPurgeCertificate(one!.id);
    },
    "the change feed": async () => {
      await new Promise((done) => setTimeout(done, 600));
      await t.stratum.resolveConfig(leaf.id);
    },
  };

  it.each(Object.keys(OPERATIONS))("%s reads by an index", async (name) => {
    const statements = await statementsOf(OPERATIONS[name]!);
    expect(statements.length).toBeGreaterThan(0);
    const client = await t.pool.connect();
    try {
      await client.query(`begin; set local search_path = public, pg_temp`);
      for (const { text, values } of statements) {
        const { rows } = await client.query<{ "QUERY PLAN": string }>(`explain ${text}`, values);
        const plan = rows.map((row) => row["QUERY PLAN"]).join("\n");
        expect(plan).not.toMatch(SEQUENTIAL);
      }
    } finally {
      await client.query("rollback");
      client.release();
    }
  });

  it("reads a page of descendants as a range of the index on paths, in its order", async () => {
    const [, page] = await statementsOf(() => t.stratum.listDescendants(middle.id, { limit: 10 }));
    const rows = await t.rows<{ "QUERY PLAN": string }>(`explain ${page!.text}`, page!.values);
    const plan = rows.map((row) => row["QUERY PLAN"]).join("\n");
    expect(plan).toMatch(/Index Scan using tenants_path_idx/);
    expect(plan).toMatch(/Index Cond: \(\(path > .* AND \(path < /);
    expect(plan).not.toMatch(/Sort/);
  });
});
