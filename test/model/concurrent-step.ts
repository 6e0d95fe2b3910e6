import type { Stratum } from "@stratum-hq/lib";
import { batchOf, calls, isPermissionKind, keyOf, type Command } from "./commands";
import { permissionCalls } from "./permission-commands";

/** What clients that act at once know of: tenants and policies that one of them created. */
export interface Known {
  readonly ids: string[];
  readonly policies: { readonly id: string; readonly tenant_id: string }[];
}

/** The call of a command where nobody knows what the others have done meanwhile. */
export function concurrentStep(stratum: Stratum, each: Command, known: Known): Promise<unknown> {
  const { ids, policies } = known;
  const id = ids[each.tenant % ids.length]!;
  const other = each.other % 11 === 0 ? null : ids[each.other % ids.length]!;
  if (isPermissionKind(each.kind)) {
    const policy = policies[each.other % policies.length] ?? { id, tenant_id: id };
    const at = {
      id: each.kind === "regrant" || each.kind === "revoke" ? policy.tenant_id : id,
      key: keyOf(each),
      policy: policy.id,
      ...(each.stale ? { version: 1 } : {}),
    };
    const made = permissionCalls(stratum, each, at);
    return each.kind === "grant"
      ? made.grant().then((created) => policies.push(created))
      : made[each.kind]();
  }
  switch (each.kind) {
    case "create":
      return stratum
        .createTenant({ name: "T", parent_id: other })
        .then((created) => ids.push(created.id));
    case "move":
      return stratum.moveTenant(id, other);
    case "batch":
      return stratum.batchSetConfig(id, batchOf(each));
    default:
      return calls(stratum, each, id)[each.kind]();
  }
}
