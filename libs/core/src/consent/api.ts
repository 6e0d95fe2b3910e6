import type { AuditContext } from "../audit/audit.schemas";
import type { ConsentRecord, GrantConsentInput } from "./consent.schemas";
import type { Page, PageInput, VersionedInput } from "../tenant/tenant-inputs.schemas";
import { body, field, path, queries, query, type ApiMethod } from "../api/api-method";

/** What people in tenants consent to. */
export interface ConsentApi {
  /**
   * Records that a subject consents to a purpose. Given again, a consent takes up the subject's record,
   * with the new `expires_at` and `metadata`, whether it was revoked, has expired, or is in force.
   *
   * @throws ValidationError, TenantNotFoundError, TenantSuspendedError, TenantArchivedError,
   *   VersionConflictError
   */
  grantConsent(id: string, input: GrantConsentInput, audit?: AuditContext): Promise<ConsentRecord>;

  /**
   * Records that a subject consents no longer; in a tenant of any status, since nobody may be kept from it.
   * False where no consent to the purpose was ever given; one that is revoked stays as it is.
   *
   * @throws ValidationError, TenantNotFoundError, VersionConflictError
   */
  revokeConsent(
    id: string,
    subjectId: string,
    purpose: string,
    options?: VersionedInput | AuditContext,
    audit?: AuditContext,
  ): Promise<boolean>;

  /**
   * A tenant's consents, or those of one subject, newest first, whatever has become of them.
   *
   * @param query for a page of them; without it, all
   * @throws ValidationError, TenantNotFoundError; ResultTooLargeError for more than 10,000 without a query
   */
  listConsent(
    id: string,
    subjectId: string | null | undefined,
    query: PageInput,
  ): Promise<Page<ConsentRecord>>;
  listConsent(id: string, subjectId?: string | null): Promise<ConsentRecord[]>;

  /**
   * The subject's consent to a purpose, if it is in force now: given, not revoked, not expired.
   *
   * @throws ValidationError, TenantNotFoundError
   */
  getActiveConsent(id: string, subjectId: string, purpose: string): Promise<ConsentRecord | null>;
}

/** How each method of {@link ConsentApi} travels, and what it asks of its caller. */
export const CONSENT_API = {
  grantConsent: {
    effect: "mutator",
    http: "POST /tenants/{id}/consent",
    status: 201,
    args: [path("id"), body()],
    scope: "consent:write",
  },
  revokeConsent: {
    effect: "mutator",
    http: "POST /tenants/{id}/consent/revoke",
    status: 200,
    args: [path("id"), field("subject_id"), field("purpose"), body()],
    scope: "consent:write",
    wrap: "revoked",
  },
  listConsent: {
    effect: "reader",
    http: "GET /tenants/{id}/consent",
    status: 200,
    args: [path("id"), query("subject_id"), queries()],
    scope: "consent:read",
    list: "either",
  },
  getActiveConsent: {
    effect: "reader",
    http: "GET /tenants/{id}/consent/active",
    status: 200,
    args: [path("id"), query("subject_id"), query("purpose")],
    scope: "consent:read",
    wrap: "consent",
  },
} as const satisfies Record<keyof ConsentApi, ApiMethod>;
