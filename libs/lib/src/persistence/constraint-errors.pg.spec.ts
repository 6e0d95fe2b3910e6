import { StratumError, ValidationError } from "@stratum-hq/core";
import { useStratum } from "../../../../test/support/use-stratum";
import { DECLARED } from "../declarations";
import { translateDatabaseError } from "./database-errors";

const KNOWN = Object.keys(DECLARED.constraintErrors).sort();
const HEX = "a".repeat(32);
const ID = "aaaaaaaa-aaaa-aaaa-aaaa-aaaaaaaaaaaa";
const OTHER = "bbbbbbbb-bbbb-bbbb-bbbb-bbbbbbbbbbbb";
const OWNED = { id: `'${ID}'`, tenant_id: `'${ID}'` };

/** A statement that violates each constraint, past every check of the library. */
const VIOLATIONS: Record<string, string> = {
  tenants_pkey: tenant({ slug: "'other_slug'" }),
  tenants_slug_key: tenant({ id: `'${OTHER}'`, path: `'${"b".repeat(32)}'`, slug: "'first'" }),
  tenants_external_id_key: tenant({
    id: `'${OTHER}'`,
    parent_id: `'${ID}'`,
    path: `'${HEX}.${"b".repeat(32)}'`,
    slug: "'second'",
    external_id: "'e'",
  }),
  tenants_parent_fkey: tenant({
    id: `'${OTHER}'`,
    parent_id: "'cccccccc-cccc-cccc-cccc-cccccccccccc'",
    path: `'${"c".repeat(32)}.${"b".repeat(32)}'`,
    slug: "'third'",
  }),
  tenants_region_fkey: `update stratum.tenants set region_id = '${OTHER}'`,
  tenants_depth_check: "update stratum.tenants set path = $1::text::ltree",
  tenants_name_check: "update stratum.tenants set name = ''",
  tenants_slug_check: "update stratum.tenants set slug = 'Upper'",
  tenants_external_id_check: "update stratum.tenants set external_id = ''",
  tenants_metadata_check: "update stratum.tenants set metadata = '[]'",
  tenants_isolation_strategy_check: "update stratum.tenants set isolation_strategy = 'NONE'",
  tenants_status_check: "update stratum.tenants set status = 'gone'",
  tenants_sort_order_check: "update stratum.tenants set sort_order = -1",
  tenants_path_self_check: `update stratum.tenants set path = '${"d".repeat(32)}'`,
  tenants_path_parent_check: `update stratum.tenants set path = '${"d".repeat(32)}.${HEX}'`,
  config_entries_pkey: `insert into stratum.config_entries (tenant_id, key, value)
    values ('${ID}', 'k', '1')`,
  config_entries_tenant_fkey: `insert into stratum.config_entries (tenant_id, key, value)
    values ('${OTHER}', 'k', '1')`,
  config_entries_key_check: "update stratum.config_entries set key = 'bad key'",
  config_entries_sealed_check: "update stratum.config_entries set sensitive = true",
  tenant_keys_pkey: dataKey({ version: "2" }),
  tenant_keys_version_key: dataKey({ id: `'${OTHER}'` }),
  tenant_keys_platform_version_key: dataKey({ id: `'${OTHER}'`, tenant_id: "null" }),
  tenant_keys_tenant_fkey: dataKey({ id: `'${OTHER}'`, tenant_id: `'${OTHER}'` }),
  tenant_keys_version_check: "update stratum.tenant_keys set version = 0",
  tenant_keys_uses_check: "update stratum.tenant_keys set uses = -1",
  permission_policies_pkey: policy({ tenant_id: `'${OTHER}'` }),
  permission_policies_key_key: policy({ id: `'${OTHER}'` }),
  permission_policies_tenant_fkey: policy({ id: `'${OTHER}'`, tenant_id: `'${OTHER}'` }),
  permission_policies_key_check: "update stratum.permission_policies set key = 'bad key'",
  permission_policies_mode_check: "update stratum.permission_policies set mode = 'OPEN'",
  permission_policies_revocation_mode_check:
    "update stratum.permission_policies set revocation_mode = 'NEVER'",
  permission_bans_pkey: `insert into stratum.permission_bans (tenant_id, key) values ('${ID}', 'k')`,
  permission_bans_tenant_fkey: `insert into stratum.permission_bans (tenant_id, key)
    values ('${OTHER}', 'k')`,
  permission_bans_key_check: "update stratum.permission_bans set key = 'bad key'",
  abac_policies_pkey: abacPolicy({ name: "'other'" }),
  abac_policies_name_key: abacPolicy({ id: `'${OTHER}'` }),
  abac_policies_tenant_fkey: abacPolicy({ id: `'${OTHER}'`, tenant_id: `'${OTHER}'` }),
  abac_policies_name_check: "update stratum.abac_policies set name = ''",
  abac_policies_resource_type_check: "update stratum.abac_policies set resource_type = '**'",
  abac_policies_action_check: "update stratum.abac_policies set action = 'a b'",
  abac_policies_effect_check: "update stratum.abac_policies set effect = 'permit'",
  abac_policies_conditions_check: "update stratum.abac_policies set conditions = '{}'",
  abac_policies_mode_check: "update stratum.abac_policies set mode = 'OPEN'",
  usage_events_pkey: usageEvent({ metric: "'other'" }),
  usage_events_idempotency_key_key: usageEvent({ id: `'${OTHER}'` }),
  usage_events_tenant_fkey: usageEvent({ id: `'${OTHER}'`, tenant_id: `'${OTHER}'` }),
  usage_events_metric_check: "update stratum.usage_events set metric = ''",
  usage_events_quantity_check: "update stratum.usage_events set quantity = 'NaN'",
  usage_events_idempotency_key_check: "update stratum.usage_events set idempotency_key = ''",
  usage_events_metadata_check: "update stratum.usage_events set metadata = '[]'",
  consent_records_pkey: consent({ purpose: "'other'" }),
  consent_records_tenant_fkey: consent({ id: `'${OTHER}'`, tenant_id: `'${OTHER}'` }),
  consent_records_subject_key: consent({ id: `'${OTHER}'` }),
  consent_records_subject_check: "update stratum.consent_records set subject_id = ''",
  consent_records_purpose_check: "update stratum.consent_records set purpose = ''",
  consent_records_revoked_check: "update stratum.consent_records set granted = false",
  consent_records_metadata_check: "update stratum.consent_records set metadata = '[]'",
  regions_pkey: region({ slug: "'other'", is_primary: "false" }),
  regions_slug_key: region({ id: `'${OTHER}'`, is_primary: "false" }),
  regions_primary_key: region({ id: `'${OTHER}'`, slug: "'other'" }),
  regions_display_name_check: "update stratum.regions set display_name = ''",
  regions_slug_check: "update stratum.regions set slug = 'EU'",
  regions_database_url_check: "update stratum.regions set database_url = 'postgres://u:p@h/d'",
  regions_status_check: "update stratum.regions set status = 'full'",
  regions_metadata_check: "update stratum.regions set metadata = '[]'",
  roles_pkey: role({ name: "'other'" }),
  roles_tenant_fkey: role({ id: `'${OTHER}'`, tenant_id: `'${OTHER}'` }),
  roles_name_key: role({ id: `'${OTHER}'` }),
  roles_global_name_key: role({ id: `'${OTHER}'`, tenant_id: "null", name: "'global'" }),
  roles_name_check: "update stratum.roles set name = ''",
  principal_roles_pkey: principal({ principal_id: "'other'" }),
  principal_roles_tenant_fkey: principal({ id: `'${OTHER}'`, tenant_id: `'${OTHER}'` }),
  principal_roles_role_fkey: principal({
    id: `'${OTHER}'`,
    principal_id: "'other'",
    role_id: `'${OTHER}'`,
  }),
  principal_roles_tenant_key: principal({ id: `'${OTHER}'` }),
  principal_roles_platform_key: principal({ id: `'${OTHER}'`, tenant_id: "null" }),
  principal_roles_type_check: "update stratum.principal_roles set principal_type = 'User'",
  principal_roles_principal_check: "update stratum.principal_roles set principal_id = ''",
  api_keys_pkey: apiKey({ key_hash: "decode(repeat('22', 32), 'hex')" }),
  api_keys_tenant_fkey: apiKey({
    id: `'${OTHER}'`,
    tenant_id: `'${OTHER}'`,
    key_hash: "decode(repeat('33', 32), 'hex')",
  }),
  api_keys_hash_key: apiKey({ id: `'${OTHER}'` }),
  api_keys_hash_check: "update stratum.api_keys set key_hash = 'short'",
  api_keys_name_check: "update stratum.api_keys set name = ''",
  api_keys_rate_limit_check: "update stratum.api_keys set rate_limit_max = 0",
  context_keys_pkey: contextKey(),
  replaced_context_keys_pkey: replacedKey("0".repeat(16)),
  replaced_context_keys_id_check: replacedKey("k"),
  platform_secrets_pkey: "insert into stratum.platform_secrets (name, value) values ('s', 'v')",
  operations_pkey: operation({}),
  operations_state_check: "update stratum.operations set state = 'gone'",
  operations_type_check: "update stratum.operations set type = ''",
  operations_actor_type_check: "update stratum.operations set actor_type = 'robot'",
  purge_certificates_pkey: certificate({}),
  purge_certificates_parent_fkey: certificate({ id: `'${OTHER}'`, parent_id: `'${OTHER}'` }),
  purge_certificates_actor_type_check: "update stratum.purge_certificates set actor_type = 'robot'",
  purged_tenants_pkey: insert("purged_tenants", {
    tenant_id: `'${ID}'`,
    certificate_id: `'${ID}'`,
  }),
  purged_tenants_certificate_fkey: `update stratum.purged_tenants set certificate_id = '${OTHER}'`,
  audit_logs_pkey: `insert into stratum.audit_logs
    (id, operation_id, actor_id, actor_type, action, resource_type)
    select id, id, 'a', 'system', 'a', 'r' from stratum.audit_logs`,
  audit_logs_actor_type_check: `insert into stratum.audit_logs
    (id, operation_id, actor_id, actor_type, action, resource_type)
    values ('${OTHER}', '${OTHER}', 'a', 'robot', 'a', 'r')`,
  webhook_events_pkey: `insert into stratum.webhook_events (id, type, operation_id)
    select id, type, id from stratum.webhook_events`,
  webhook_events_type_check: "update stratum.webhook_events set type = 'nonsense'",
};

function insert(table: string, columns: Record<string, string>): string {
  return `insert into stratum.${table} (${Object.keys(columns).join()})
    values (${Object.values(columns).join()})`;
}

function policy(columns: Record<string, string>): string {
  return insert("permission_policies", { ...OWNED, key: "'k'", ...columns });
}

function abacPolicy(columns: Record<string, string>): string {
  const key = { name: "'n'", resource_type: "'*'", action: "'a*'", effect: "'deny'" };
  return insert("abac_policies", { ...OWNED, ...key, ...columns });
}

function usageEvent(columns: Record<string, string>): string {
  const key = { metric: "'m'", idempotency_key: "'k'" };
  return insert("usage_events", { ...OWNED, ...key, ...columns });
}

function consent(columns: Record<string, string>): string {
  return insert("consent_records", { ...OWNED, subject_id: "'s'", purpose: "'p'", ...columns });
}

function region(columns: Record<string, string>): string {
  const fixed = { id: `'${ID}'`, display_name: "'EU'", slug: "'eu'", is_primary: "true" };
  return insert("regions", { ...fixed, ...columns });
}

function role(columns: Record<string, string>): string {
  return insert("roles", { ...OWNED, name: "'r'", scopes: "'{}'", ...columns });
}

function principal(columns: Record<string, string>): string {
  const fixed = { principal_type: "'user'", principal_id: "'u'", role_id: `'${ID}'` };
  return insert("principal_roles", { ...OWNED, ...fixed, ...columns });
}

function apiKey(columns: Record<string, string>): string {
  const key_hash = "decode(repeat('11', 32), 'hex')";
  const fixed = { key_prefix: "'sk_'", key_hint: "'abcd'", key_hash, scopes: "'{}'" };
  return insert("api_keys", { ...OWNED, ...fixed, ...columns });
}

function dataKey(columns: Record<string, string>): string {
  const all = {
    id: `'${ID}'`,
    tenant_id: `'${ID}'`,
    version: "1",
    master_key_id: "'m'",
    wrapped: "'w'",
    ...columns,
  };
  return insert("tenant_keys", all);
}

function operation(columns: Record<string, string>): string {
  const actor = { actor_id: "'a'", actor_type: "'system'", claim_id: `'${ID}'` };
  return insert("operations", {
    ...OWNED,
    type: "'purge'",
    progress: "'{}'",
    ...actor,
    ...columns,
  });
}

function certificate(columns: Record<string, string>): string {
  const actor = { actor_id: "'a'", actor_type: "'system'" };
  return insert("purge_certificates", {
    ...{ ...OWNED, subtree: "true", tenants: "1", ...actor, ...columns },
  });
}

function tenant(columns: Record<string, string>): string {
  const all = { id: `'${ID}'`, path: `'${HEX}'`, name: "'n'", slug: "'n'", ...columns };
  return insert("tenants", all);
}

describe("the database's constraints", () => {
  const t = useStratum();

  beforeAll(async () => {
    await t.rows(tenant({ slug: "'first'", external_id: "'e'" }));
    await t.rows(
      `insert into stratum.config_entries (tenant_id, key, value) values ('${ID}', 'k', '1')`,
    );
    await t.rows(dataKey({}));
    await t.rows(dataKey({ id: "gen_random_uuid()", tenant_id: "null" }));
    await t.rows(policy({}));
    await t.rows(abacPolicy({}));
    await t.rows(usageEvent({}));
    await t.rows(consent({}));
    await t.rows(region({}));
    await t.rows(role({}));
    await t.rows(role({ id: "gen_random_uuid()", tenant_id: "null", name: "'global'" }));
    await t.rows(principal({}));
    await t.rows(principal({ id: "gen_random_uuid()", tenant_id: "null" }));
    await t.rows(apiKey({}));
    await t.rows(operation({}));
    await t.rows(certificate({}));
    await t.rows(insert("purged_tenants", { tenant_id: `'${ID}'`, certificate_id: `'${ID}'` }));
    await t.rows("insert into stratum.platform_secrets (name, value) values ('s', 'v')");
    await t.rows(contextKey());
    await t.rows(replacedKey("0".repeat(16)));
    await t.rows(`insert into stratum.permission_bans (tenant_id, key) values ('${ID}', 'k')`);
    await t.rows(`insert into stratum.audit_logs
      (id, operation_id, actor_id, actor_type, action, resource_type)
      values ('${ID}', '${ID}', 'a', 'system', 'a', 'r')`);
    await t.rows(`insert into stratum.webhook_events (id, type, operation_id)
      values ('${ID}', 'tenant.created', '${ID}')`);
  });

  it("are the ones that the library has an error for, none more, none less", async () => {
    const rows = await t.rows<{ name: string }>(
      `select conname as name from pg_constraint c join pg_namespace n on n.oid = c.connamespace
       where n.nspname = 'stratum' and contype <> 'n' and conname not like '%schema_migrations%'
         and conname not like 'PK_%'
       union
       select c.relname from pg_index i join pg_class c on c.oid = i.indexrelid
         join pg_namespace n on n.oid = c.relnamespace
       where n.nspname = 'stratum' and i.indisunique and c.relname not like 'PK_%'`,
    );
    expect(rows.map(({ name }) => name).sort()).toEqual(KNOWN);
    expect(Object.keys(VIOLATIONS).sort()).toEqual(KNOWN);
  });

  it.each(Object.keys(VIOLATIONS))("%s is answered by a typed error", async (constraint) => {
    const tooDeep = [...Array.from({ length: 20 }, () => "b".repeat(32)), HEX].join(".");
    const values = constraint === "tenants_depth_check" ? [tooDeep] : [];
    const failure: unknown = await t.rows(VIOLATIONS[constraint]!, values).then(
      () => null,
      (error: unknown) => error,
    );
    expect(failure).toMatchObject({ constraint });
    const translated = translateDatabaseError(failure, DECLARED.constraintErrors);
    expect(translated).toBeInstanceOf(StratumError);
    expect(translated).toEqual(DECLARED.constraintErrors[constraint]!());
    expect(translated.code).not.toBe("DATABASE_ERROR");
    if (translated instanceof ValidationError) expect(translated.details.issues).toHaveLength(1);
  });
});

function contextKey(): string {
  return "insert into stratum.context_keys (key_id, inner_pad, outer_pad) values ('k', '', '')";
}

function replacedKey(id: string): string {
  return `insert into stratum.replaced_context_keys (key_id, replaced_at) values ('${id}', now())`;
}
