import { describeConstraints, ID, OTHER, insert } from "../../test/describe-constraints";
import { REGIONS } from "./regions.feature";

function region(columns: Record<string, string>): string {
  const fixed = { id: `'${ID}'`, display_name: "'EU'", slug: "'eu'", is_primary: "true" };
  return insert("regions", { ...fixed, ...columns });
}

describeConstraints(REGIONS, {
  rows: [region({})],
  violations: {
    regions_pkey: region({ slug: "'other'", is_primary: "false" }),
    regions_slug_key: region({ id: `'${OTHER}'`, is_primary: "false" }),
    regions_primary_key: region({ id: `'${OTHER}'`, slug: "'other'" }),
    regions_display_name_check: "update stratum.regions set display_name = ''",
    regions_slug_check: "update stratum.regions set slug = 'EU'",
    regions_database_url_check: "update stratum.regions set database_url = 'postgres://u:p@h/d'",
    regions_status_check: "update stratum.regions set status = 'full'",
    regions_metadata_check: "update stratum.regions set metadata = '[]'",
  },
});
