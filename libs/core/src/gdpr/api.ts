import type { AuditContext } from "../audit/audit.schemas";
import type { ExportTenantInput, TenantExport } from "./export.schemas";
import type { PurgeCertificate, PurgeTenantInput } from "./purge.schemas";
import { body, member, path, queries, type ApiMethod } from "../api/api-method";

/** Export and erasure of what is held on a tenant. */
export interface GdprApi {
  /**
   * Everything that Stratum holds on the tenant, as of one moment: rows by the name of their table, the
   * tenant itself, and a manifest. Sensitive values are masked, save with `include_secrets`. The tenants
   * below are not part of it.
   *
   * @throws ValidationError, TenantNotFoundError, InvalidTenantStateError, TenantSuspendedError,
   *   TenantArchivedError, ForbiddenError for `include_secrets` without `config:reveal`,
   *   OperationCancelledError; ResultTooLargeError for more than 64 MiB of rows
   */
  exportTenantData(
    id: string,
    options?: ExportTenantInput | AuditContext,
    audit?: AuditContext,
  ): Promise<TenantExport>;

  /**
   * The same as a stream of NDJSON, of any size: one line for each row, `{ part, row }`, then one with the
   * manifest. It is of the moment of the call, and holds a connection of the pool until it has been read
   * to its end or is destroyed; rows are read as the stream is.
   *
   * @throws as {@link exportTenantData}, save for the size
   */
  exportTenantStream(
    id: string,
    options?: ExportTenantInput | AuditContext,
    audit?: AuditContext,
  ): Promise<AsyncIterable<Uint8Array>>;

  /**
   * Deletes a tenant and every row that Stratum holds of it, audit rows included, for good; with `subtree`
   * everything below too. Its data keys are destroyed first, so that what was encrypted cannot be read
   * in a backup either. From the call on the tenants are shut; their slugs are free when it returns. A
   * process that dies leaves it to the others: `getOperation` with the certificate's id says how far it is.
   *
   * @returns the certificate, which `getPurgeCertificate` finds afterwards
   * @throws ValidationError, ForbiddenError without `gdpr:purge`, or for the tenant that the caller is
   *   bound to; TenantNotFoundError, TenantOnLegalHoldError, TenantHasChildrenError (of any status) without
   *   `subtree`, OperationInProgressError when a purge of it or below it is unfinished,
   *   InvalidTenantStateError, TenantTreeBusyError, MaintenanceRoleMissingError
   */
  purgeTenant(
    id: string,
    options?: PurgeTenantInput | AuditContext,
    audit?: AuditContext,
  ): Promise<PurgeCertificate>;

  /**
   * The certificate of a purge that is done. A caller bound to a tenant finds those of tenants that stood
   * directly or further below it, for as long as their parent is there.
   *
   * @param id the certificate's own, or that of any tenant that went with the purge
   * @throws ValidationError, PurgeCertificateNotFoundError
   */
  getPurgeCertificate(id: string): Promise<PurgeCertificate>;
}

/** How each method of {@link GdprApi} travels, and what it asks of its caller. */
export const GDPR_API = {
  exportTenantData: {
    effect: "mutator",
    http: "POST /tenants/{id}/export",
    status: 200,
    args: [path("id"), body()],
    scope: "gdpr:export",
    escalations: [
      {
        when: ([, options]) => member(options, "include_secrets") === true,
        scope: "config:reveal",
      },
    ],
    long: true,
  },
  exportTenantStream: {
    effect: "mutator",
    http: "GET /tenants/{id}/export",
    status: 200,
    args: [path("id"), queries()],
    scope: "gdpr:export",
    escalations: [
      {
        when: ([, options]) => member(options, "include_secrets") === true,
        scope: "config:reveal",
      },
    ],
    stream: true,
  },
  purgeTenant: {
    effect: "mutator",
    http: "POST /tenants/{id}/purge",
    status: 200,
    args: [path("id"), body()],
    scope: "gdpr:purge",
    long: true,
  },
  getPurgeCertificate: {
    effect: "reader",
    http: "GET /purge-certificates/{id}",
    status: 200,
    args: [path("id")],
    scope: "audit:read",
  },
} as const satisfies Record<keyof GdprApi, ApiMethod>;
