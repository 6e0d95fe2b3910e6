import {
  MAX_TREE_DEPTH,
  RegionAlreadyExistsError,
  RegionNotFoundError,
  RoleAlreadyExistsError,
  RoleNotFoundError,
  TenantAlreadyExistsError,
  TenantDepthExceededError,
  TenantNotFoundError,
  USAGE_QUANTITY_MAX,
  ValidationError,
  type StratumError,
} from "@stratum-hq/core";

function invalid(argument: string, message: string): () => StratumError {
  return () => new ValidationError(argument, [{ path: "", message }]);
}

const unknownTenant = () => new TenantNotFoundError({ tenant_id: "tenant_id" });
const badKey = invalid("key", "expected letters, digits and . _ : - only");
const badMode = invalid("mode", "expected LOCKED, INHERITED or DELEGATED");
const PATTERN = "expected letters, digits and . _ : - only, * at the end for any rest";
const unknownRole = () => new RoleNotFoundError("role_id");
const oneRole = invalid("principal", "the principal has a role there");
const brokenPath = invalid("path", "the path does not match the tenant's id and parent");

/**
 * What a violation of each constraint of schema stratum tells a caller. Input schemas and locks
 * refuse most of them earlier; a test holds this table against the database both ways.
 */
const ERRORS_BY_CONSTRAINT: Readonly<Record<string, () => StratumError>> = {
  tenants_pkey: () => new TenantAlreadyExistsError("id", null),
  tenants_slug_key: () => new TenantAlreadyExistsError("slug", null),
  tenants_external_id_key: () => new TenantAlreadyExistsError("external_id", null),
  tenants_parent_fkey: () => new TenantNotFoundError({ tenant_id: "parent_id" }),
  tenants_region_fkey: () => new RegionNotFoundError("region_id"),
  tenants_depth_check: () => new TenantDepthExceededError(MAX_TREE_DEPTH + 1),
  tenants_name_check: invalid("name", "expected 1 to 255 characters"),
  tenants_slug_check: invalid("slug", "expected a lower-case letter, then a-z, 0-9 and _"),
  tenants_external_id_check: invalid("external_id", "expected 1 to 255 characters"),
  tenants_metadata_check: invalid("metadata", "expected an object"),
  tenants_isolation_strategy_check: invalid("isolation_strategy", "unknown strategy"),
  tenants_status_check: invalid("status", "unknown status"),
  tenants_sort_order_check: invalid("position", "expected 0 or more"),
  tenants_path_self_check: brokenPath,
  tenants_path_parent_check: brokenPath,
  config_entries_pkey: invalid("key", "the key is set twice"),
  config_entries_tenant_fkey: unknownTenant,
  config_entries_key_check: badKey,
  config_entries_sealed_check: invalid("value", "a sensitive value must be encrypted"),
  tenant_keys_pkey: invalid("id", "the data key exists"),
  tenant_keys_version_key: invalid("version", "the tenant has a data key of this version"),
  tenant_keys_platform_version_key: invalid(
    "version",
    "the platform has a data key of this version",
  ),
  tenant_keys_tenant_fkey: unknownTenant,
  tenant_keys_version_check: invalid("version", "expected 1 or more"),
  tenant_keys_uses_check: invalid("uses", "expected 0 to 2^32"),
  permission_policies_pkey: invalid("id", "the policy exists"),
  permission_policies_key_key: invalid("key", "the tenant has a policy for the key"),
  permission_policies_tenant_fkey: unknownTenant,
  permission_policies_key_check: badKey,
  permission_policies_mode_check: badMode,
  permission_policies_revocation_mode_check: invalid(
    "revocation_mode",
    "expected CASCADE, SOFT or PERMANENT",
  ),
  permission_bans_pkey: invalid("key", "the tenant bans the key"),
  permission_bans_tenant_fkey: unknownTenant,
  permission_bans_key_check: badKey,
  abac_policies_pkey: invalid("id", "the policy exists"),
  abac_policies_name_key: invalid("name", "the tenant has a policy of this name"),
  abac_policies_tenant_fkey: unknownTenant,
  abac_policies_name_check: invalid("name", "expected 1 to 255 characters"),
  abac_policies_resource_type_check: invalid("resource_type", PATTERN),
  abac_policies_action_check: invalid("action", PATTERN),
  abac_policies_effect_check: invalid("effect", "expected allow or deny"),
  abac_policies_conditions_check: invalid("conditions", "expected an array"),
  abac_policies_mode_check: badMode,
  usage_events_pkey: invalid("id", "the event exists"),
  usage_events_idempotency_key_key: invalid("idempotency_key", "the metric has an event of it"),
  usage_events_tenant_fkey: unknownTenant,
  usage_events_metric_check: invalid("metric", "expected 1 to 255 characters"),
  usage_events_quantity_check: invalid("quantity", `expected 0 to ${USAGE_QUANTITY_MAX}`),
  usage_events_idempotency_key_check: invalid("idempotency_key", "expected 1 to 255 characters"),
  usage_events_metadata_check: invalid("metadata", "expected an object"),
  consent_records_pkey: invalid("id", "the consent exists"),
  consent_records_tenant_fkey: unknownTenant,
  consent_records_subject_key: invalid("purpose", "the subject has a consent to the purpose"),
  consent_records_subject_check: invalid("subject_id", "expected 1 to 255 characters"),
  consent_records_purpose_check: invalid("purpose", "expected 1 to 255 characters"),
  consent_records_revoked_check: invalid("revoked_at", "a consent is granted or revoked"),
  consent_records_metadata_check: invalid("metadata", "expected an object"),
  regions_pkey: invalid("id", "the region exists"),
  regions_slug_key: () => new RegionAlreadyExistsError(null),
  regions_primary_key: invalid("is_primary", "another region is the primary one"),
  regions_display_name_check: invalid("display_name", "expected 1 to 255 characters"),
  regions_slug_check: invalid("slug", "expected a lower-case letter, then a-z, 0-9 and _"),
  regions_database_url_check: invalid("database_url", "expected a ciphertext"),
  regions_status_check: invalid("status", "expected active, draining or inactive"),
  regions_metadata_check: invalid("metadata", "expected an object"),
  roles_pkey: invalid("id", "the role exists"),
  roles_tenant_fkey: unknownTenant,
  roles_name_key: () => new RoleAlreadyExistsError(null, null),
  roles_global_name_key: () => new RoleAlreadyExistsError(null, null),
  roles_name_check: invalid("name", "expected 1 to 100 characters"),
  principal_roles_pkey: invalid("id", "the assignment exists"),
  principal_roles_tenant_fkey: unknownTenant,
  principal_roles_role_fkey: unknownRole,
  principal_roles_tenant_key: oneRole,
  principal_roles_platform_key: oneRole,
  principal_roles_type_check: invalid(
    "type",
    "expected a lower-case letter, then a-z, 0-9, _ and -",
  ),
  principal_roles_principal_check: invalid("principal", "expected 1 to 255 characters"),
  api_keys_pkey: invalid("id", "the API key exists"),
  api_keys_tenant_fkey: unknownTenant,
  api_keys_hash_key: invalid("key", "the API key exists"),
  api_keys_hash_check: invalid("key", "expected a hash of 32 bytes"),
  api_keys_name_check: invalid("name", "expected 1 to 255 characters"),
  api_keys_rate_limit_check: invalid("rate_limit_max", "expected 1 or more"),
  platform_secrets_pkey: invalid("name", "the secret exists"),
  context_keys_pkey: invalid("key_id", "the key exists"),
  replaced_context_keys_pkey: invalid("key_id", "the key was replaced already"),
  replaced_context_keys_id_check: invalid("key_id", "expected 16 hex digits"),
  operations_pkey: invalid("id", "the operation exists"),
  operations_state_check: invalid("state", "expected running, succeeded, failed or cancelled"),
  operations_type_check: invalid("type", "expected lower-case letters and _"),
  operations_actor_type_check: invalid("actor_type", "expected api_key, jwt or system"),
  purge_certificates_pkey: invalid("id", "the certificate exists"),
  purge_certificates_parent_fkey: unknownTenant,
  purge_certificates_actor_type_check: invalid("actor_type", "expected api_key, jwt or system"),
  purged_tenants_pkey: invalid("tenant_id", "the tenant was purged"),
  purged_tenants_certificate_fkey: invalid("certificate_id", "no certificate has the id"),
  audit_logs_pkey: invalid("id", "the audit entry exists"),
  audit_logs_actor_type_check: invalid("actor_type", "expected api_key, jwt or system"),
  webhook_events_pkey: invalid("id", "the event exists"),
  webhook_events_type_check: invalid("type", "expected resource.event"),
};

/** The names that the table knows, for the test that compares it with the database. */
export const KNOWN_CONSTRAINTS: readonly string[] = Object.keys(ERRORS_BY_CONSTRAINT);

/** The typed error for a violated constraint, or null for one that is not ours. */
export function constraintError(constraint: string): StratumError | null {
  return ERRORS_BY_CONSTRAINT[constraint]?.() ?? null;
}
