import type { ReadOptions } from "@stratum-hq/lib";
import type { StratumFixture } from "../support/use-stratum";
import { NaivePermissions } from "./naive-permissions";
import { NaiveTree, type Node, type Policy } from "./naive-tree";

interface TenantRow {
  readonly id: string;
  readonly parent_id: string | null;
  readonly status: Node["status"];
  readonly path: string;
  readonly policies: Record<string, Policy>;
  readonly bans: string[];
}

/** Tenants with their own policies and bans, parents before children. */
async function tenantRows(t: StratumFixture, ids: readonly string[]): Promise<TenantRow[]> {
  return t.rows<TenantRow>(
    `select t.id, t.parent_id, t.status, t.path::text,
       coalesce((select json_object_agg(p.key, json_build_object('id', p.id, 'value', p.value,
           'mode', p.mode, 'revocation_mode', p.revocation_mode, 'version', p.version))
         from stratum.permission_policies as p where p.tenant_id = t.id), '{}') as policies,
       coalesce((select json_agg(b.key order by b.key)
         from stratum.permission_bans as b where b.tenant_id = t.id), '[]') as bans
     from stratum.tenants as t where t.id = any($1) order by t.depth, t.id`,
    [ids],
  );
}

/** What a tenant resolves to, in the model's terms. */
async function resolved({ stratum }: StratumFixture, id: string, options?: ReadOptions) {
  const config: Record<string, unknown> = {};
  for (const entry of Object.values(await stratum.resolveConfig(id, options))) {
    const { key, value, source_tenant_id, locked } = entry;
    config[key] = { value, source: source_tenant_id, locked };
  }
  const permissions: Record<string, unknown> = {};
  for (const each of Object.values(await stratum.resolvePermissions(id, options))) {
    const { key, policy_id, value, source_tenant_id, mode } = each;
    permissions[key] = { policy_id, value, source: source_tenant_id, mode };
  }
  return { config, permissions };
}

/** Every tenant of the model resolves to what the model says. */
export async function expectResolved(
  t: StratumFixture,
  model: NaiveTree,
  options?: ReadOptions,
): Promise<void> {
  const permissions = new NaivePermissions(model);
  for (const node of model.nodes) {
    expect(await resolved(t, node.id, options)).toEqual({
      config: model.resolve(node),
      permissions: permissions.resolve(node),
    });
  }
}

/** The rows are the model's, and resolve as it says. */
export async function expectSame(t: StratumFixture, model: NaiveTree): Promise<void> {
  const rows = await tenantRows(
    t,
    model.nodes.map(({ id }) => id),
  );
  const byId = new Map(rows.map((row) => [row.id, row]));
  const seen = model.nodes.map(({ id }) => byId.get(id));
  expect(seen).toEqual(
    model.nodes.map((node) => ({
      id: node.id,
      parent_id: node.parent?.id ?? null,
      status: node.status,
      path: model
        .chain(node)
        .map(({ id }) => id.replaceAll("-", ""))
        .join("."),
      policies: Object.fromEntries(node.policies),
      bans: [...node.bans].sort(),
    })),
  );
  await expectResolved(t, model);
}

/** A model in the state that the rows are in. */
export async function modelOfRows(t: StratumFixture, ids: readonly string[]): Promise<NaiveTree> {
  const model = new NaiveTree();
  for (const { id, parent_id, status, policies, bans } of await tenantRows(t, ids)) {
    const node = model.add(id, model.nodes.find((parent) => parent.id === parent_id) ?? null);
    node.status = status;
    for (const [key, policy] of Object.entries(policies)) node.policies.set(key, policy);
    for (const key of bans) node.bans.add(key);
  }
  const entries = await t.rows<{ tenant_id: string; key: string; value: number; locked: boolean }>(
    "select tenant_id, key, value, locked from stratum.config_entries where tenant_id = any($1)",
    [ids],
  );
  for (const { tenant_id, key, value, locked } of entries) {
    model.nodes.find(({ id }) => id === tenant_id)!.entries.set(key, { value, locked });
  }
  return model;
}
