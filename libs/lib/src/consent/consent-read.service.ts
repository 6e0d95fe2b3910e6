import { Injectable } from "@nestjs/common";
import {
  consentPurposeSchema,
  consentSubjectSchema,
  tenantIdSchema,
  validate,
  type ConsentApi,
  type ConsentRecord,
  type Page,
  type PageInput,
} from "@stratum-hq/core";
import { currentCaller } from "../context/caller";
import { requireVisible } from "../tenancy/access";
import { listed, listRequest } from "../tenancy/page-cursor";
import { TenantStore } from "../tenancy/tenant.store";
import { ConsentStore } from "./consent.store";

/** Reads consents. */
@Injectable()
export class ConsentReadService implements Pick<ConsentApi, "listConsent" | "getActiveConsent"> {
  constructor(
    private readonly store: ConsentStore,
    private readonly tenants: TenantStore,
  ) {}

  async listConsent(
    id: string,
    subjectId: string | null | undefined,
    query: PageInput,
  ): Promise<Page<ConsentRecord>>;
  async listConsent(id: string, subjectId?: string | null): Promise<ConsentRecord[]>;
  async listConsent(
    id: string,
    subjectId?: string | null,
    query?: PageInput,
  ): Promise<ConsentRecord[] | Page<ConsentRecord>> {
    const tenantId = validate(tenantIdSchema, id, "id");
    const subject = validate(consentSubjectSchema.nullish(), subjectId, "subjectId") ?? null;
    const request = listRequest(query);
    const row = await this.tenants.findById(tenantId);
    requireVisible(row, currentCaller(), { tenant_id: tenantId });
    const found = await this.store.list(tenantId, subject, {
      cursor: request.cursor,
      limit: request.rows,
    });
    return listed(found, request, "listConsent with { limit, cursor }", "consents");
  }

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
