/** Dry runs. */
export * from "./limits";
export type {
  AffectedTenants,
  DryRunPlan,
  PlannedChange,
  PlannedEvent,
  PlannedRefusal,
} from "./dry-run-plan";
