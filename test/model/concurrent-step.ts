import type { PermissionBan, PermissionPolicy, Stratum } from "@stratum-hq/lib";
import { batchOf, calls, isPermissionKind, permissionKeyOf, type Command } from "./commands";
import { permissionCalls, type PermissionKind } from "./permission-commands";

/** What clients that act at once know of: what one of them created, there still or not. */
export interface Known {
  readonly ids: string[];
  readonly policies: Pick<PermissionPolicy, "id" | "tenant_id">[];
  readonly bans: Pick<PermissionBan, "tenant_id" | "key">[];
}

async function permissionStep(
  stratum: Stratum,
  each: Command & { readonly kind: PermissionKind },
  id: string,
  { policies, bans }: Known,
): Promise<void> {
  const policy = policies[each.other % policies.length] ?? { id, tenant_id: id };
  const ban = bans[each.other % bans.length] ?? { tenant_id: id, key: permissionKeyOf(each) };
  const stale = each.stale ? { version: 1 } : {};
  const at = { id, key: permissionKeyOf(each), policy: policy.id, ...stale };
  switch (each.kind) {
    case "grant":
      policies.push(await permissionCalls(stratum, each, at).grant());
      return;
    case "ban":
      bans.push(await permissionCalls(stratum, each, at).ban());
      return;
    case "lift":
      return permissionCalls(stratum, each, { ...at, id: ban.tenant_id, key: ban.key }).lift();
    case "regrant":
    case "revoke":
      await permissionCalls(stratum, each, { ...at, id: policy.tenant_id })[each.kind]();
  }
}

/** The call of a command where nobody knows what the others have done meanwhile. */
export function concurrentStep(stratum: Stratum, each: Command, known: Known): Promise<unknown> {
  const { ids } = known;
  const id = ids[each.tenant % ids.length]!;
  const other = each.other % 11 === 0 ? null : ids[each.other % ids.length]!;
  const { kind } = each;
  if (isPermissionKind(kind)) return permissionStep(stratum, { ...each, kind }, id, known);
  switch (kind) {
    case "create":
      return stratum
        .createTenant({ name: "T", parent_id: other })
        .then((created) => ids.push(created.id));
    case "move":
      return stratum.moveTenant(id, other);
    case "batch":
      return stratum.batchSetConfig(id, batchOf(each));
    default:
      return calls(stratum, each, id)[kind]();
  }
}
