import type { JsonObject, PermissionPolicy } from "@stratum-hq/core";
import type { BanRow } from "./permission-ban.store";
import type { AuditChange, OutboxEvent } from "../persistence/mutation-log.store";

/** What is recorded of a change that `force` made possible. */
export function forcedMetadata(force: boolean | undefined): { metadata: JsonObject } {
  return { metadata: force === true ? { forced: true } : {} };
}

/** A policy as the audit log keeps it. */
function stateOf(policy: PermissionPolicy | null): JsonObject | null {
  if (policy === null) return null;
  const { key, value, mode, revocation_mode, version } = policy;
  return { key, value, mode, revocation_mode, version };
}

/** What is recorded of a policy that was created or updated. */
export function policyRecords(
  type: "permission.created" | "permission.updated",
  before: PermissionPolicy | null,
  after: PermissionPolicy,
  force?: boolean,
): [AuditChange[], OutboxEvent[]] {
  const { id, tenant_id, key, mode, revocation_mode, version } = after;
  const change: AuditChange = {
    action: type,
    resource_type: "permission",
    resource_id: id,
    tenant_id,
    before: stateOf(before),
    after: stateOf(after),
    ...forcedMetadata(force),
  };
  const data = { policy_id: id, key, mode, revocation_mode, version };
  return [[change], [{ type, tenant_id, data }]];
}

/** What is recorded of a ban, beside the policies that it deleted. */
export function banRecords(
  { tenant_id, key, banned_by }: BanRow,
  force?: boolean,
): [AuditChange[], OutboxEvent[]] {
  const change = {
    action: "permission.banned",
    resource_type: "permission_ban",
    resource_id: key,
    tenant_id,
    before: null,
    after: { key, banned_by },
    ...forcedMetadata(force),
  };
  return [[change], [{ type: "permission.deleted", tenant_id, data: { key, banned: true } }]];
}

export function liftRecords({ tenant_id, key, banned_by }: BanRow): [AuditChange[], OutboxEvent[]] {
  const change = {
    action: "permission.ban_lifted",
    resource_type: "permission_ban",
    resource_id: key,
    tenant_id,
    before: { key, banned_by },
    after: null,
  };
  return [[change], [{ type: "permission.updated", tenant_id, data: { key, banned: false } }]];
}
