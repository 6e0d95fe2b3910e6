import { Injectable } from "@nestjs/common";
import {
  consentPurposeSchema,
  consentSubjectSchema,
  listSchema,
  MAX_UNPAGED_RESULTS,
  tenantIdSchema,
  validate,
  type ConsentRecord,
  type ListInput,
} from "@stratum-hq/core";
import { currentCaller } from "../context/caller";
import { requireVisible } from "../tenancy/access";
import { complete } from "../tenancy/page-cursor";
import { TenantStore } from "../tenancy/tenant.store";
import { ConsentStore } from "./consent.store";

/** Reads consents. */
@Injectable()
export class ConsentReadService {
  constructor(
    private readonly store: ConsentStore,
    private readonly tenants: TenantStore,
  ) {}

  /**
   * A tenant's consents, or those of one subject, newest first, whatever has become of them.
   *
   * @param query `{ limit, cursor }` for a part of them; `cursor` is the last id seen
   * @throws ValidationError, TenantNotFoundError; ResultTooLargeError for more than 10,000 without limit
   */
  async listConsent(
    id: string,
    subjectId?: string | null,
    query: ListInput = {},
  ): Promise<ConsentRecord[]> {
    const tenantId = validate(tenantIdSchema, id, "id");
    const subject = validate(consentSubjectSchema.nullish(), subjectId, "subjectId") ?? null;
    const { cursor = null, limit } = validate(listSchema, query, "query");
    const row = await this.tenants.findById(tenantId);
    requireVisible(row, currentCaller(), { tenant_id: tenantId });
    const page = { cursor, limit: limit ?? MAX_UNPAGED_RESULTS + 1 };
    const use = "listConsent with { limit, cursor }";
    return complete(await this.store.list(tenantId, subject, page), limit, use, "consents");
  }

  /**
   * The subject's consent to a purpose, if it is in force now: given, not revoked, not expired.
   *
   * @throws ValidationError, TenantNotFoundError
   */
  async getActiveConsent(
    id: string,
    subjectId: string,
    purpose: string,
  ): Promise<ConsentRecord | null> {
    const of = {
      tenant_id: validate(tenantIdSchema, id, "id"),
      subject_id: validate(consentSubjectSchema, subjectId, "subjectId"),
      purpose: validate(consentPurposeSchema, purpose, "purpose"),
    };
    const lookup = { tenant_id: of.tenant_id };
    const found = await this.store.findActive(of);
    return requireVisible(found, currentCaller(), lookup).consent;
  }
}
