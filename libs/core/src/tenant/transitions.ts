import type { TenantStatus } from "./tenant.schemas";

/** What changes a tenant's status. */
export type StatusOperation = "suspend" | "archive" | "resume";

/** The statuses from which each operation starts, and the one it leads to. */
export const STATUS_TRANSITIONS: Readonly<
  Record<StatusOperation, { from: readonly TenantStatus[]; to: TenantStatus }>
> = {
  suspend: { from: ["active"], to: "suspended" },
  archive: { from: ["active", "suspended"], to: "archived" },
  resume: { from: ["suspended", "archived"], to: "active" },
};

/** Whether an operation applies to a tenant of this status. */
export function canTransition(operation: StatusOperation, from: TenantStatus): boolean {
  return STATUS_TRANSITIONS[operation].from.includes(from);
}
