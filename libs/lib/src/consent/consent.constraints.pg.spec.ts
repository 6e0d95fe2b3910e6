import { describeConstraints, OTHER, OWNED, insert } from "../../test/describe-constraints";
import { CONSENT } from "./consent.feature";

function consent(columns: Record<string, string>): string {
  return insert("consent_records", { ...OWNED, subject_id: "'s'", purpose: "'p'", ...columns });
}

describeConstraints(CONSENT, {
  rows: [consent({})],
  violations: {
    consent_records_pkey: consent({ purpose: "'other'" }),
    consent_records_tenant_fkey: consent({ id: `'${OTHER}'`, tenant_id: `'${OTHER}'` }),
    consent_records_subject_key: consent({ id: `'${OTHER}'` }),
    consent_records_subject_check: "update stratum.consent_records set subject_id = ''",
    consent_records_purpose_check: "update stratum.consent_records set purpose = ''",
    consent_records_revoked_check: "update stratum.consent_records set granted = false",
    consent_records_metadata_check: "update stratum.consent_records set metadata = '[]'",
  },
});
