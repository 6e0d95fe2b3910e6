import type { TenantStatus } from "./tenant.schemas";

/** What changes a tenant's status. */
export type StatusOperation = "suspend" | "archive" | "resume" | "purge";

/** The statuses from which each operation starts, and the one it leads to. */
export const STATUS_TRANSITIONS: Readonly<
  Record<StatusOperation, { from: readonly TenantStatus[]; to: TenantStatus }>
> = {
  suspend: { from: ["active"], to: "suspended" },
  archive: { from: ["active", "suspended"], to: "archived" },
  resume: { from: ["suspended", "archived"], to: "active" },
  // There is no way back: once purged, the tenant is gone.
  purge: { from: ["active", "suspended", "archived"], to: "purging" },
};

/** Whether an operation applies to a tenant of this status. */
export function canTransition(operation: StatusOperation, from: TenantStatus): boolean {
  return STATUS_TRANSITIONS[operation].from.includes(from);
}
