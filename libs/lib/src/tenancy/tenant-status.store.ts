import { Injectable } from "@nestjs/common";
import {
  STATUS_TRANSITIONS,
  subtreeUpperBound,
  type TenantPath,
  type TenantStatus,
} from "@stratum-hq/core";
import type { Transaction } from "../persistence/transaction";
import type { SetStatement } from "../persistence/mutation-log.store";
import { TENANT_RESOURCE, type TenantRow } from "./tenant-row";

/** A suspension or archival: who, why, and whether it takes the tenants below along. */
export interface Shutdown {
  readonly tenant: TenantRow;
  readonly subtree: boolean;
  readonly reason: string | null;
  /** The operation by which the same tenants are found again. */
  readonly operation_id: string;
  /** The bound of the caller, null for the platform. */
  readonly by: string | null;
}

const RETURNING = `t.id as tenant_id, prior.status as old_status, prior.status_reason as old_reason,
  t.status as new_status, t.status_reason as new_reason`;
const STATES = {
  resource: TENANT_RESOURCE,
  before: "jsonb_build_object('status', old_status, 'status_reason', old_reason)",
  after: "jsonb_build_object('status', new_status, 'status_reason', new_reason)",
};

function scopeOf(path: TenantPath, subtree: boolean): [start: string, end: string] {
  // A path and its first child's label bound the range of one row.
  return [path, subtree ? subtreeUpperBound(path) : `${path}.0`];
}

/** The statements that change tenants' status, whatever the number of tenants. */
@Injectable()
export class TenantStatusStore {
  async hasActiveChildren(tx: Transaction, id: string): Promise<boolean> {
    const rows = await tx.query<{ found: boolean }>(
      `select exists (
         select from stratum.tenants where parent_id = $1 and status = 'active') as found`,
      [id],
    );
    return rows[0]?.found === true;
  }

  suspend(shutdown: Shutdown): SetStatement {
    return shut(shutdown, "suspend", "suspension_id = $5, suspended_by = $6");
  }

  archive(shutdown: Shutdown): SetStatement {
    return shut(shutdown, "archive", "archival_id = $5, archived_by = $6, deleted_at = now()");
  }

  /**
   * Brings back a tenant and, with `subtree`, what the same operation shut below it. What had been
   * suspended before an archival is suspended again. A tenant stays shut while one between it and the
   * resumed one does: every ancestor of an active tenant is active.
   */
  resume(tenant: TenantRow, subtree: boolean): SetStatement {
    const archived = tenant.status === "archived";
    const operation = archived ? "archival_id" : "suspension_id";
    const outcome = archived
      ? `case when id = $1 or suspension_id is null then 'active' else 'suspended' end`
      : `'active'`;
    return {
      text: `
        update stratum.tenants as t
        set status = prior.outcome, status_reason = null,
            suspension_id = case when prior.outcome = 'suspended' then t.suspension_id end,
            suspended_by = case when prior.outcome = 'suspended' then t.suspended_by end,
            archival_id = null, archived_by = null, deleted_at = null,
            version = t.version + 1, updated_at = now()
        from (
          with scope as materialized (
            select id, path, status, status_reason,
                   case when id = $1 or status = $2 and ${operation} = $3 then ${outcome}
                        else status end as outcome,
                   id = $1 or status = $2 and ${operation} = $3 as returning_now
            from stratum.tenants where path >= $4::ltree and path < $5::ltree),
          shut as materialized (select id from scope where outcome <> 'active')
          select * from scope where returning_now and (outcome <> 'active' or not exists (
            select from unnest(string_to_array(scope.path::text, '.')) as label
            join shut on shut.id = label::uuid))) as prior
        where t.id = prior.id
        returning ${RETURNING}`,
      ...STATES,
      values: [
        tenant.id,
        tenant.status,
        archived ? tenant.archival_id : tenant.suspension_id,
        ...scopeOf(tenant.path, subtree),
      ],
    };
  }
}

function shut(
  { tenant, subtree, reason, operation_id, by }: Shutdown,
  operation: "suspend" | "archive",
  assignments: string,
): SetStatement {
  const { from, to }: { from: readonly TenantStatus[]; to: TenantStatus } =
    STATUS_TRANSITIONS[operation];
  return {
    text: `
      update stratum.tenants as t
      set status = $3, status_reason = $4, ${assignments},
          version = t.version + 1, updated_at = now()
      from stratum.tenants as prior
      where prior.id = t.id and t.path >= $1::ltree and t.path < $2::ltree
        and t.status = any($7::text[])
      returning ${RETURNING}`,
    ...STATES,
    values: [...scopeOf(tenant.path, subtree), to, reason, operation_id, by, from],
  };
}
