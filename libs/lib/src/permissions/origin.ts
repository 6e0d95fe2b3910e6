import type { PermissionOrigin, TenantPath } from "@stratum-hq/core";
import type { Caller } from "../context/caller";

/** Whether a tenant may have a policy of which no tenant above has one. */
export function mayIntroduce(
  origin: PermissionOrigin | undefined,
  path: TenantPath,
  { bound_to }: Caller,
): boolean {
  const isRoot = !path.includes(".");
  return origin !== "root" || isRoot || bound_to === null;
}
