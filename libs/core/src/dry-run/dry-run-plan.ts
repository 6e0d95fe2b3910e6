import type { ErrorCode } from "../codes";
import type { JsonObject, JsonValue } from "../json/json-value";

/** One row that the audit log would have. */
export interface PlannedChange {
  readonly action: string;
  readonly resource_type: string;
  /** Of what would be created: an id of this plan alone, since the real call makes its own. */
  readonly resource_id: string | null;
  /** The tenant in whose log it would stand; null for the platform's own. */
  readonly tenant_id: string | null;
  /** The state before and after, secrets masked as in the audit log. */
  readonly before: JsonValue;
  readonly after: JsonValue;
}

/** One event that caches and subscribers would be told of. */
export interface PlannedEvent {
  readonly type: string;
  readonly tenant_id: string | null;
  readonly data: JsonObject;
}

/** The tenants whose own rows would change. */
export interface AffectedTenants {
  readonly count: number;
  /** The first of them, parents before children: DRY_RUN_TENANTS_LISTED at most. */
  readonly sample: readonly { readonly id: string; readonly name: string; readonly slug: string }[];
}

/** Why the call would be refused. */
export interface PlannedRefusal {
  readonly code: ErrorCode;
  readonly message: string;
  readonly details: JsonObject;
}

/** What a mutation would do, as far as it would go on record; everything is empty where it is refused. */
export interface DryRunPlan {
  readonly changes: readonly PlannedChange[];
  readonly events: readonly PlannedEvent[];
  readonly affected_tenants: AffectedTenants;
  /** How many changes and events there are beyond those listed, where there are any. */
  readonly omitted?: { readonly changes: number; readonly events: number };
  readonly refused?: PlannedRefusal;
}
