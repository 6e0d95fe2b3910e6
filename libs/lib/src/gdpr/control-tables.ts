import type { ControlTable } from "./control-table";

export type { ControlTable } from "./control-table";

const OWN = { schema: "stratum", tenant: "tenant_id", erasure: "rows" } as const;
const TIMES = ["created_at", "updated_at"] as const;

const CONTROL: readonly ControlTable[] = [
  {
    ...OWN,
    table: "config_entries",
    part: "config_entries",
    key: ["key"],
    exported: ["tenant_id", "key", "value", "locked", "sensitive", "version", ...TIMES],
    withheld: [],
    sealed: { column: "value", flag: "sensitive", row: "key" },
  },
  {
    ...OWN,
    table: "permission_policies",
    part: "permission_policies",
    key: ["key"],
    exported: [
      ...["id", "tenant_id", "key", "value", "mode", "revocation_mode", "version"],
      ...TIMES,
    ],
    withheld: [],
  },
  {
    ...OWN,
    table: "permission_bans",
    part: "permission_bans",
    key: ["key"],
    exported: ["tenant_id", "key", "banned_by", "created_at"],
    withheld: [],
    disclosing: ["banned_by"],
  },
  {
    ...OWN,
    table: "abac_policies",
    part: "abac_policies",
    key: ["resource_type", "action", "name"],
    exported: [
      ...["id", "tenant_id", "name", "resource_type", "action", "effect", "conditions"],
      ...["priority", "mode", "version", ...TIMES],
    ],
    withheld: [],
  },
  {
    ...OWN,
    table: "roles",
    part: "roles",
    key: ["name"],
    exported: ["id", "tenant_id", "name", "description", "scopes", "version", ...TIMES],
    withheld: [],
  },
  {
    ...OWN,
    table: "principal_roles",
    part: "principal_roles",
    key: ["principal_type", "principal_id"],
    exported: ["id", "principal_type", "principal_id", "tenant_id", "role_id", "assigned_at"],
    withheld: [],
  },
  {
    ...OWN,
    table: "api_keys",
    part: "api_keys",
    key: ["id"],
    exported: [
      ...["id", "tenant_id", "name", "key_prefix", "key_hint", "scopes", "role_id"],
      ...["rate_limit_max", "rate_limit_window", "expires_at", "last_used_at", "revoked_at"],
      ...["replaced_by", "created_at"],
    ],
    withheld: ["key_hash"],
  },
  {
    ...OWN,
    table: "usage_events",
    part: "usage_events",
    key: ["metric", "occurred_at", "id"],
    exported: [
      ...["id", "tenant_id", "metric", "quantity", "idempotency_key", "metadata"],
      ...["occurred_at", "recorded_at"],
    ],
    withheld: [],
  },
  {
    ...OWN,
    table: "consent_records",
    part: "consent_records",
    key: ["id"],
    exported: [
      ...["id", "tenant_id", "subject_id", "purpose", "granted", "granted_at", "revoked_at"],
      ...["expires_at", "metadata", "version", ...TIMES],
    ],
    withheld: ["expiry_recorded_at"],
  },
  {
    ...OWN,
    table: "tenant_keys",
    part: "tenant_keys",
    key: ["version"],
    exported: ["id", "tenant_id", "version", "uses", "created_at"],
    withheld: ["wrapped", "master_key_id"],
  },
];

const RECORDS: readonly ControlTable[] = [
  {
    ...OWN,
    table: "operations",
    part: "operations",
    key: ["id"],
    exported: [
      ...["id", "type", "tenant_id", "state", "progress", "cancel_requested", "cancellable"],
      ...["resumable", "error", "result", "actor_id", "actor_type", "source_ip", "request_id"],
      ...["attempts", "version", "heartbeat_at", ...TIMES, "finished_at"],
    ],
    withheld: ["params", "checkpoint", "claim_id", "started_by"],
  },
  {
    ...OWN,
    table: "webhook_events",
    part: "webhook_events",
    key: ["id"],
    exported: ["id", "type", "tenant_id", "operation_id", "data", "created_at"],
    withheld: ["tx"],
    disclosing: ["data"],
  },
  {
    ...OWN,
    table: "audit_logs",
    part: "audit_logs",
    key: ["id"],
    exported: [
      ...["id", "operation_id", "actor_id", "actor_type", "action", "resource_type"],
      ...["resource_id", "tenant_id", "source_ip", "request_id", "before_state", "after_state"],
      ...["metadata", "occurred_at", "created_at"],
    ],
    withheld: [],
    disclosing: ["before_state", "after_state"],
    erasure: "audit",
  },
];

const TENANT: ControlTable = {
  schema: "stratum",
  table: "tenants",
  part: "tenant",
  tenant: "id",
  key: ["id"],
  exported: [
    ...["id", "parent_id", "depth", "name", "slug", "external_id", "metadata"],
    ...[
      "isolation_strategy",
      "region_id",
      "status",
      "status_reason",
      "legal_hold",
      "sort_order",
      "version",
      "deleted_at",
    ],
    ...TIMES,
  ],
  withheld: [
    ...["path", "root_id", "suspension_id", "suspended_by", "archival_id", "archived_by"],
    ...["held_by", "purge_id"],
  ],
  disclosing: ["parent_id"],
  erasure: "last",
};

/**
 * The tables of schema `stratum` that hold rows of tenants, in the order of an export. Purge goes from the
 * end: each table comes after those that it refers to. A test holds the list against the
 * database: a table or a column that is missing here fails it.
 */
export const CONTROL_TABLES: readonly ControlTable[] = [TENANT, ...CONTROL, ...RECORDS];
