import { describeConstraints, ID, OTHER, insert } from "../../test/describe-constraints";
import { CRYPTO } from "./crypto.feature";

function dataKey(columns: Record<string, string>): string {
  const all = {
    id: `'${ID}'`,
    tenant_id: `'${ID}'`,
    version: "1",
    master_key_id: "'m'",
    wrapped: "'w'",
    ...columns,
  };
  return insert("tenant_keys", all);
}

describeConstraints(CRYPTO, {
  rows: [
    dataKey({}),
    dataKey({ id: "gen_random_uuid()", tenant_id: "null" }),
    "insert into stratum.platform_secrets (name, value) values ('s', 'v')",
  ],
  violations: {
    tenant_keys_pkey: dataKey({ version: "2" }),
    tenant_keys_version_key: dataKey({ id: `'${OTHER}'` }),
    tenant_keys_platform_version_key: dataKey({ id: `'${OTHER}'`, tenant_id: "null" }),
    tenant_keys_tenant_fkey: dataKey({ id: `'${OTHER}'`, tenant_id: `'${OTHER}'` }),
    tenant_keys_version_check: "update stratum.tenant_keys set version = 0",
    tenant_keys_uses_check: "update stratum.tenant_keys set uses = -1",
    platform_secrets_pkey: "insert into stratum.platform_secrets (name, value) values ('s', 'v')",
  },
});
