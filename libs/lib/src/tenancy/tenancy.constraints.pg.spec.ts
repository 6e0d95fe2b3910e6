import { describeConstraints, HEX, ID, OTHER, insert } from "../../test/describe-constraints";
import { TENANCY } from "./tenancy.feature";

const TOO_DEEP = [...Array.from({ length: 20 }, () => "b".repeat(32)), HEX].join(".");

function tenant(columns: Record<string, string>): string {
  const all = { id: `'${ID}'`, path: `'${HEX}'`, name: "'n'", slug: "'n'", ...columns };
  return insert("tenants", all);
}

describeConstraints(TENANCY, {
  rows: [],
  violations: {
    tenants_pkey: tenant({ slug: "'other_slug'" }),
    tenants_slug_key: tenant({ id: `'${OTHER}'`, path: `'${"b".repeat(32)}'`, slug: "'first'" }),
    tenants_external_id_key: tenant({
      id: `'${OTHER}'`,
      parent_id: `'${ID}'`,
      path: `'${HEX}.${"b".repeat(32)}'`,
      slug: "'second'",
      external_id: "'e'",
    }),
    tenants_parent_fkey: tenant({
      id: `'${OTHER}'`,
      parent_id: "'cccccccc-cccc-cccc-cccc-cccccccccccc'",
      path: `'${"c".repeat(32)}.${"b".repeat(32)}'`,
      slug: "'third'",
    }),
    tenants_region_fkey: `update stratum.tenants set region_id = '${OTHER}'`,
    tenants_depth_check: `update stratum.tenants set path = '${TOO_DEEP}'`,
    tenants_name_check: "update stratum.tenants set name = ''",
    tenants_slug_check: "update stratum.tenants set slug = 'Upper'",
    tenants_external_id_check: "update stratum.tenants set external_id = ''",
    tenants_metadata_check: "update stratum.tenants set metadata = '[]'",
    tenants_isolation_strategy_check: "update stratum.tenants set isolation_strategy = 'NONE'",
    tenants_status_check: "update stratum.tenants set status = 'gone'",
    tenants_sort_order_check: "update stratum.tenants set sort_order = -1",
    tenants_path_self_check: `update stratum.tenants set path = '${"d".repeat(32)}'`,
    tenants_path_parent_check: `update stratum.tenants set path = '${"d".repeat(32)}.${HEX}'`,
  },
});
