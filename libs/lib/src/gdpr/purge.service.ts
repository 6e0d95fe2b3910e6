import { Injectable } from "@nestjs/common";
import {
  InternalError,
  purgeTenantSchema,
  tenantIdSchema,
  validate,
  type AuditContext,
  type PurgeCertificate,
  type PurgeTenantInput,
} from "@stratum-hq/core";
import { readOptions } from "../context/call-options";
import { requireScopes } from "../context/authorization";
import { OperationRunner } from "../operations/operation-runner";
import { Database } from "../persistence/database";
import { toCertificate } from "./purge-certificate.service";
import { PurgeCertificateStore } from "./purge-certificate.store";
import { PurgeGate } from "./purge-gate";
import { PurgeMarker } from "./purge-marker";

/** Erases tenants (GDPR, article 17). */
@Injectable()
export class PurgeService {
  constructor(
    private readonly database: Database,
    private readonly gate: PurgeGate,
    private readonly marker: PurgeMarker,
    private readonly runner: OperationRunner,
    private readonly certificates: PurgeCertificateStore,
  ) {}

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
  async purgeTenant(
    id: string,
    options?: PurgeTenantInput | AuditContext,
    audit?: AuditContext,
  ): Promise<PurgeCertificate> {
    const { options: given, caller } = readOptions(purgeTenantSchema, options, audit);
    requireScopes(caller, ["gdpr:purge"]);
    const tenantId = validate(tenantIdSchema, id, "id");
    const subtree = given.subtree ?? false;
    const operation = await this.database.transaction(async (tx) => {
      const tenant = await this.gate.enter(tx, tenantId, subtree, caller);
      return this.marker.begin(tx, tenant, subtree, caller);
    });
    await this.runner.run(operation);
    const certificate = toCertificate(await this.certificates.find(operation.id));
    if (certificate === null) throw new InternalError(new Error("a purge without certificate"));
    return certificate;
  }
}
