import { Injectable } from "@nestjs/common";
import {
  consentPurposeSchema,
  consentSubjectSchema,
  grantConsentSchema,
  tenantIdSchema,
  validate,
  versionedSchema,
  type AuditContext,
  type ConsentRecord,
  type GrantConsentInput,
  type VersionedInput,
  type ConsentApi,
} from "@stratum-hq/core";
import { readOptions } from "../context/call-options";
import { currentCaller } from "../context/caller";
import { IdGenerator } from "../persistence/id-generator";
import type { Transaction } from "../persistence/transaction";
import { requireVersion } from "../tenancy/access";
import { Mutations } from "../tenancy/mutations";
import { consentRecords } from "./consent-records";
import { ConsentStore, type ConsentIdentity, type LockedConsent } from "./consent.store";

/** Puts on record what the people in tenants consent to, and that they no longer do. */
@Injectable()
export class ConsentService implements Pick<ConsentApi, "grantConsent" | "revokeConsent"> {
  constructor(
    private readonly mutations: Mutations,
    private readonly store: ConsentStore,
    private readonly ids: IdGenerator,
  ) {}

  async grantConsent(
    id: string,
    input: GrantConsentInput,
    audit?: AuditContext,
  ): Promise<ConsentRecord> {
    const caller = currentCaller(audit);
    const tenant_id = validate(tenantIdSchema, id, "id");
    const { subject_id, purpose, ...given } = validate(grantConsentSchema, input, "input");
    const of = { tenant_id, subject_id, purpose };
    const operation = "record a consent in";
    const request = { tenant: tenant_id, caller, operation, lock: { names: [nameOf(of)] } };
    return this.mutations.run(request, async (m) => {
      const before = await this.current(m.tx, of, given.expected_version);
      const after = await this.store.grant(m.tx, {
        id: this.ids.next(),
        ...of,
        expires_at: given.expires_at ?? null,
        metadata: given.metadata ?? {},
      });
      await m.record(...consentRecords("consent.granted", before, after));
      return after;
    });
  }

  async revokeConsent(
    id: string,
    subjectId: string,
    purpose: string,
    options?: VersionedInput | AuditContext,
    audit?: AuditContext,
  ): Promise<boolean> {
    const of = {
      tenant_id: validate(tenantIdSchema, id, "id"),
      subject_id: validate(consentSubjectSchema, subjectId, "subjectId"),
      purpose: validate(consentPurposeSchema, purpose, "purpose"),
    };
    const call = readOptions(versionedSchema, options, audit);
    const lock = { names: [nameOf(of)] };
    const request = { tenant: of.tenant_id, caller: call.caller, operation: null, lock };
    return this.mutations.run(request, async (m) => {
      const before = await this.current(m.tx, of, call.options.expected_version);
      if (before === null) return false;
      if (!before.granted) return true;
      const after = await this.store.revoke(m.tx, before.id);
      await m.record(...consentRecords("consent.revoked", before, after));
      return true;
    });
  }

  private async current(
    tx: Transaction,
    of: ConsentIdentity,
    expectedVersion: number | undefined,
  ): Promise<LockedConsent | null> {
    const record = await this.store.findLocked(tx, of);
    if (record !== undefined) requireVersion(record, expectedVersion, "Consent");
    return record ?? null;
  }
}

/** What two changes of one consent both lock, also before there is a record. */
function nameOf({ tenant_id, subject_id, purpose }: ConsentIdentity): string {
  return `consent:${tenant_id}:${subject_id.length}:${subject_id}:${purpose}`;
}
