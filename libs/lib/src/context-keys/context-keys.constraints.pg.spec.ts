import { describeConstraints } from "../../test/describe-constraints";
import { CONTEXT_KEYS } from "./context-keys.feature";

function contextKey(): string {
  return "insert into stratum.context_keys (key_id, inner_pad, outer_pad) values ('k', '', '')";
}

function replacedKey(id: string): string {
  return `insert into stratum.replaced_context_keys (key_id, replaced_at) values ('${id}', now())`;
}

describeConstraints(CONTEXT_KEYS, {
  rows: [contextKey(), replacedKey("0".repeat(16))],
  violations: {
    context_keys_pkey: contextKey(),
    replaced_context_keys_pkey: replacedKey("0".repeat(16)),
    replaced_context_keys_id_check: replacedKey("k"),
  },
});
