import { describeConstraints, ID, OTHER, OWNED, insert } from "../../test/describe-constraints";
import { GDPR } from "./gdpr.feature";

function certificate(columns: Record<string, string>): string {
  const actor = { actor_id: "'a'", actor_type: "'system'" };
  return insert("purge_certificates", {
    ...{ ...OWNED, subtree: "true", tenants: "1", ...actor, ...columns },
  });
}

describeConstraints(GDPR, {
  rows: [
    certificate({}),
    insert("purged_tenants", { tenant_id: `'${ID}'`, certificate_id: `'${ID}'` }),
  ],
  violations: {
    purge_certificates_pkey: certificate({}),
    purge_certificates_parent_fkey: certificate({ id: `'${OTHER}'`, parent_id: `'${OTHER}'` }),
    purge_certificates_actor_type_check:
      "update stratum.purge_certificates set actor_type = 'robot'",
    purged_tenants_pkey: insert("purged_tenants", {
      tenant_id: `'${ID}'`,
      certificate_id: `'${ID}'`,
    }),
    purged_tenants_certificate_fkey: `update stratum.purged_tenants set certificate_id = '${OTHER}'`,
  },
});
