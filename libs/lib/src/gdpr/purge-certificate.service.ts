import { Injectable } from "@nestjs/common";
import {
  PurgeCertificateNotFoundError,
  tenantIdSchema,
  validate,
  type PurgeCertificate,
  type GdprApi,
} from "@stratum-hq/core";
import { currentCaller, type Caller } from "../context/caller";
import { isVisible } from "../tenancy/access";
import { PurgeCertificateStore, type CertificateRow } from "./purge-certificate.store";

/** Finds what proves that tenants were erased. */
@Injectable()
export class PurgeCertificateService implements Pick<GdprApi, "getPurgeCertificate"> {
  constructor(private readonly store: PurgeCertificateStore) {}

  async getPurgeCertificate(id: string): Promise<PurgeCertificate> {
    const wanted = validate(tenantIdSchema, id, "id");
    const row = await this.store.findByEither(wanted);
    const certificate = isCertificateVisible(currentCaller(), row) ? toCertificate(row) : null;
    if (certificate === null) throw new PurgeCertificateNotFoundError(wanted);
    return certificate;
  }
}

function isCertificateVisible(caller: Caller, row: CertificateRow | undefined): boolean {
  if (caller.bound_to === null) return true;
  return row?.parent_path != null && isVisible(caller, row.parent_path);
}

/** A certificate as callers see it; null for none, and for one whose purge is not done. */
export function toCertificate(row: CertificateRow | undefined): PurgeCertificate | null {
  if (row?.completed_at == null) return null;
  return {
    id: row.id,
    tenant_id: row.tenant_id,
    subtree: row.subtree,
    tenants: row.tenants,
    deleted: row.deleted,
    key_ids: row.key_ids,
    actor_id: row.actor_id,
    actor_type: row.actor_type,
    request_id: row.request_id,
    requested_at: row.requested_at,
    completed_at: row.completed_at,
  };
}
