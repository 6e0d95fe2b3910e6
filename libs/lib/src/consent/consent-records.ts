import type { ConsentRecord, JsonObject } from "@stratum-hq/core";
import type { AuditChange, OutboxEvent } from "../persistence/mutation-log.store";
import type { LockedConsent } from "./consent.store";

/** The audit row of a consent that has expired. */
export const CONSENT_EXPIRED = "consent.expired";

function stateOf(consent: ConsentRecord | null): JsonObject | null {
  if (consent === null) return null;
  const { subject_id, purpose, granted, granted_at, revoked_at, expires_at, metadata, version } =
    consent;
  return { subject_id, purpose, granted, granted_at, revoked_at, expires_at, metadata, version };
}

/** That it had expired before, where the log does not have that yet. */
function expiryChange(before: LockedConsent | null): AuditChange[] {
  if (before?.expiry_unrecorded !== true) return [];
  const { id, tenant_id, subject_id, purpose, expires_at, version } = before;
  const state = (expired: boolean) => ({ subject_id, purpose, expires_at, expired, version });
  const change: AuditChange = {
    action: CONSENT_EXPIRED,
    resource_type: "consent",
    resource_id: id,
    tenant_id,
    before: state(false),
    after: state(true),
  };
  return [change];
}

/**
 * What is recorded of a consent that was given or taken back, in the order in which it happened. Events
 * carry no metadata.
 */
export function consentRecords(
  type: "consent.granted" | "consent.revoked",
  before: LockedConsent | null,
  after: ConsentRecord,
): [AuditChange[], OutboxEvent[]] {
  const { id, tenant_id, subject_id, purpose, expires_at, version } = after;
  const change: AuditChange = {
    action: type,
    resource_type: "consent",
    resource_id: id,
    tenant_id,
    before: stateOf(before),
    after: stateOf(after),
  };
  const data = { consent_id: id, subject_id, purpose, expires_at, version };
  return [[...expiryChange(before), change], [{ type, tenant_id, data }]];
}
