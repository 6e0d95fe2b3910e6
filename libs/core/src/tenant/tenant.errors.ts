import { StratumError, tenantAbove } from "../errors/stratum-error";
import { MAX_TREE_LEVELS } from "./limits";
import type { TenantStatus } from "./tenant.schemas";

/** Details: `{ tenant_id }`, or the slug or external id that was looked up. */
export class TenantNotFoundError extends StratumError {
  constructor(lookup: { tenant_id: string } | { slug: string } | { external_id: string }) {
    const [field, value] = Object.entries(lookup)[0] as [string, string];
    super("TENANT_NOT_FOUND", `No tenant with ${field} "${value}". Check the value.`, lookup);
  }
}

/** Details: `{ field: "slug" | "external_id", value }`. */
export class TenantAlreadyExistsError extends StratumError {
  constructor(field: "slug" | "external_id" | "id", value: string | null) {
    const scope = field === "external_id" ? " under this root" : "";
    super(
      "TENANT_ALREADY_EXISTS",
      `A tenant with this ${field}${scope} exists${value === null ? "" : ` ("${value}")`}; ` +
        `archived tenants count. Choose another${field === "slug" ? ", or omit it to have one derived" : ""}.`,
      { field, value },
    );
  }
}

/** Details: `{ tenant_id, operation }`. */
export class TenantHasChildrenError extends StratumError {
  constructor(tenantId: string, operation: string) {
    super(
      "TENANT_HAS_CHILDREN",
      `Cannot ${operation} tenant ${tenantId}: it has ${operation === "purge" ? "" : "active "}children. ` +
        `Pass { subtree: true } to ${operation} the whole subtree.`,
      { tenant_id: tenantId, operation },
    );
  }
}

/** Details: `{ tenant_id, operation }`: the tenant that is held; null to who may not know it. */
export class TenantOnLegalHoldError extends StratumError {
  constructor(tenantId: string | null, operation: string) {
    super(
      "TENANT_ON_LEGAL_HOLD",
      `Cannot ${operation}: ${tenantAbove(tenantId)} is on legal hold. ` +
        "Whoever holds it lifts the hold by updateTenant({ legal_hold: false }).",
      { tenant_id: tenantId, operation },
    );
  }
}

/** Details: `{ tenant_id, new_parent_id }`. */
export class TenantCycleDetectedError extends StratumError {
  constructor(tenantId: string, newParentId: string) {
    super(
      "TENANT_CYCLE_DETECTED",
      `Tenant ${tenantId} cannot move below ${newParentId}, which is itself or a descendant of it. ` +
        "Choose a parent outside its subtree.",
      { tenant_id: tenantId, new_parent_id: newParentId },
    );
  }
}

/** Details: `{ depth, max_depth }`: the depth that the deepest tenant would have had. */
export class TenantDepthExceededError extends StratumError {
  constructor(depth: number) {
    super(
      "TENANT_DEPTH_EXCEEDED",
      `A tree has at most ${MAX_TREE_LEVELS} levels; this would make ${depth + 1}. ` +
        "Choose a parent nearer to the root.",
      { depth, max_depth: MAX_TREE_LEVELS - 1 },
    );
  }
}

/** Details: `{ tenant_id }`; null to who may not know it. */
export class TenantSuspendedError extends StratumError {
  constructor(tenantId: string | null) {
    super(
      "TENANT_SUSPENDED",
      `${tenantAbove(tenantId, "A")} is suspended. Call resumeTenant on it first.`,
      { tenant_id: tenantId },
    );
  }
}

/** Details: `{ tenant_id }`; null to who may not know it. */
export class TenantArchivedError extends StratumError {
  constructor(tenantId: string | null) {
    super(
      "TENANT_ARCHIVED",
      `${tenantAbove(tenantId, "A")} is archived. Read it with includeArchived, or call resumeTenant on it.`,
      { tenant_id: tenantId },
    );
  }
}

/** Details: `{ tenant_id, from, operation, allowed_from }`. */
export class InvalidTenantStateError extends StratumError {
  constructor(
    tenantId: string | null,
    from: TenantStatus,
    operation: string,
    allowedFrom: readonly TenantStatus[],
  ) {
    super(
      "INVALID_TENANT_STATE",
      `Cannot ${operation} ${tenantAbove(tenantId)}: it is ${from}, not ${allowedFrom.join(" or ")}.`,
      { tenant_id: tenantId, from, operation, allowed_from: allowedFrom },
    );
  }
}

/** Details: `{ waited_ms }`. */
export class TenantTreeBusyError extends StratumError {
  constructor(waitedMs: number, cause?: unknown) {
    super(
      "TENANT_TREE_BUSY",
      `Another operation held the lock of this tree for more than ${waitedMs} ms. Try again.`,
      { waited_ms: waitedMs },
      cause,
    );
  }
}

/** Details: `{ tenant_id, limit }`: the tenant whose limit it is; null to who may not know it. */
export class TenantLimitExceededError extends StratumError {
  constructor(tenantId: string | null, limit: number) {
    super(
      "TENANT_LIMIT_EXCEEDED",
      `${tenantAbove(tenantId, "A")} may have at most ${limit} descendants. ` +
        "A tenant above it, or the platform, can raise stratum.max_descendants.",
      { tenant_id: tenantId, limit },
    );
  }
}
