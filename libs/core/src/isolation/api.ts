import type { AuditContext } from "../audit/audit.schemas";
import type { ContextKeyRotationResult, RotateContextKeyInput } from "./context-key.schemas";
import type { IsolationReport, ProofOptions, ReferenceRefresh } from "./isolation-report";
import type { Tenant } from "../tenant/tenant.schemas";
import { body, path, type ApiMethod } from "../api/api-method";

/** How tenants' rows are kept apart. */
export interface IsolationApi {
  /**
   * Makes another signing key, has the shared database and every tenant's own accept it, signs with it in every
   * process, and has all of them refuse the one before, after an overlap in which both verify. Nothing is
   * interrupted but transactions that last for longer than the overlap: these fail with
   * TenantContextForgedError. Databases that cannot be reached do not keep the others: the result names them.
   *
   * An operation: it goes on in another process when this one dies.
   *
   * @param options `overlap_seconds`: 45 to 3600, 60 unless given
   * @throws ForbiddenError, ValidationError, ContextKeyConfiguredError where option `contextKey` is given,
   *   OperationInProgressError while another one rotates it, MaintenanceRoleMissingError
   */
  rotateContextKey(
    options?: RotateContextKeyInput | AuditContext,
    audit?: AuditContext,
  ): Promise<ContextKeyRotationResult>;

  /**
   * Brings the copies of reference tables in every placement up to date with what is committed in the schema
   * that tenants share: to be called after it has changed there. A placement is refreshed in a transaction, or
   * stays as it was, where a row is gone that a tenant still refers to for example, and the others go on. May
   * be called again at any time: what is up to date is not touched.
   *
   * @throws ForbiddenError for callers other than administrators of the platform
   */
  refreshReferenceTables(audit?: AuditContext): Promise<ReferenceRefresh>;

  /**
   * Makes what a tenant lacks of its storage: of one that is `provisioning` still, which is active then; and of
   * an active one that has lost it, empty. Resolves when it is made; where nothing is lacking, nothing changes.
   *
   * @throws ValidationError, TenantNotFoundError, TenantSuspendedError, TenantArchivedError,
   *   InvalidTenantStateError for one that is being purged, OperationInProgressError while it is being made;
   *   StorageUnavailableError, StoragePrivilegeMissingError, MigrationPrivilegeMissingError,
   *   TenantTableInvalidError, ConnectionBudgetExhaustedError
   */
  provisionTenant(id: string, audit?: AuditContext): Promise<Tenant>;

  /**
   * Looks through every placement's catalogue, and attacks each table of tenants' rows as one tenant that does
   * not exist against another, in transactions that are rolled back (docs/proof.md).
   *
   * @param options `{ attacks: false }` for the catalogue alone
   * @returns what was found; `sound` says whether it is nothing
   * @throws ForbiddenError, ValidationError, TenantRoleMissingError, TenantPoolUnsafeError
   */
  proveIsolation(options?: ProofOptions): Promise<IsolationReport>;
}

/** How each method of {@link IsolationApi} travels, and what it asks of its caller. */
export const ISOLATION_API = {
  rotateContextKey: {
    effect: "mutator",
    http: "POST /maintenance/rotate-context-key",
    status: 200,
    args: [body()],
    scope: "platform:admin",
    long: true,
  },
  refreshReferenceTables: {
    effect: "mutator",
    http: "POST /maintenance/refresh-reference-tables",
    status: 200,
    args: [],
    scope: "platform:admin",
  },
  provisionTenant: {
    effect: "mutator",
    http: "POST /tenants/{id}/provision",
    status: 200,
    args: [path("id")],
    scope: "tenants:write",
    long: true,
  },
  proveIsolation: {
    effect: "reader",
    http: "POST /isolation/proof",
    status: 200,
    args: [body()],
    scope: "platform:admin",
  },
} as const satisfies Record<keyof IsolationApi, ApiMethod>;
