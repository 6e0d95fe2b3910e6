import { defineFeature } from "../feature";
import { ConsentApi } from "./consent.api";
import { ConsentService } from "./consent.service";
import { ConsentReadService } from "./consent-read.service";
import { TENANT_ROWS, TIMES } from "../persistence/control-table";
import { invalid, unknownTenant } from "../persistence/constraint-errors";
import { ConsentModule } from "./consent.module";
import { ConsentRecordEntity } from "./consent-record.entity";

export const CONSENT = defineFeature({
  modules: [ConsentModule],
  apis: [ConsentApi],
  services: {
    grantConsent: ConsentService,
    revokeConsent: ConsentService,
    listConsent: ConsentReadService,
    getActiveConsent: ConsentReadService,
  },
  entities: [ConsentRecordEntity],
  constraintErrors: {
    consent_records_pkey: invalid("id", "the consent exists"),
    consent_records_tenant_fkey: unknownTenant,
    consent_records_subject_key: invalid("purpose", "the subject has a consent to the purpose"),
    consent_records_subject_check: invalid("subject_id", "expected 1 to 255 characters"),
    consent_records_purpose_check: invalid("purpose", "expected 1 to 255 characters"),
    consent_records_revoked_check: invalid("revoked_at", "a consent is granted or revoked"),
    consent_records_metadata_check: invalid("metadata", "expected an object"),
  },
  controlTables: [
    {
      ...TENANT_ROWS,
      table: "consent_records",
      part: "consent_records",
      key: ["id"],
      exported: [
        ...["id", "tenant_id", "subject_id", "purpose", "granted", "granted_at", "revoked_at"],
        ...["expires_at", "metadata", "version", ...TIMES],
      ],
      withheld: ["expiry_recorded_at"],
    },
  ],
  events: {
    "consent.granted": "nothing",
    "consent.revoked": "nothing",
  },
});
