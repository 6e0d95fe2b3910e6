import { describeConstraints, OTHER, OWNED, insert } from "../../test/describe-constraints";
import { API_KEYS } from "./api-keys.feature";

function apiKey(columns: Record<string, string>): string {
  const key_hash = "decode(repeat('11', 32), 'hex')";
  const fixed = { key_prefix: "'sk_'", key_hint: "'abcd'", key_hash, scopes: "'{}'" };
  return insert("api_keys", { ...OWNED, ...fixed, ...columns });
}

describeConstraints(API_KEYS, {
  rows: [apiKey({})],
  violations: {
    api_keys_pkey: apiKey({ key_hash: "decode(repeat('22', 32), 'hex')" }),
    api_keys_tenant_fkey: apiKey({
      id: `'${OTHER}'`,
      tenant_id: `'${OTHER}'`,
      key_hash: "decode(repeat('33', 32), 'hex')",
    }),
    api_keys_hash_key: apiKey({ id: `'${OTHER}'` }),
    api_keys_hash_check: "update stratum.api_keys set key_hash = 'short'",
    api_keys_name_check: "update stratum.api_keys set name = ''",
    api_keys_rate_limit_check: "update stratum.api_keys set rate_limit_max = 0",
  },
});
