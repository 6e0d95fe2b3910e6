import { describeConstraints, ID, OTHER } from "../../test/describe-constraints";
import { CONFIG_INHERITANCE } from "./config-inheritance.feature";

describeConstraints(CONFIG_INHERITANCE, {
  rows: [`insert into stratum.config_entries (tenant_id, key, value) values ('${ID}', 'k', '1')`],
  violations: {
    config_entries_pkey: `insert into stratum.config_entries (tenant_id, key, value)
      values ('${ID}', 'k', '1')`,
    config_entries_tenant_fkey: `insert into stratum.config_entries (tenant_id, key, value)
      values ('${OTHER}', 'k', '1')`,
    config_entries_key_check: "update stratum.config_entries set key = 'bad key'",
    config_entries_sealed_check: "update stratum.config_entries set sensitive = true",
  },
});
