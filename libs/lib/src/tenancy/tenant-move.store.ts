import { Injectable } from "@nestjs/common";
import { depthOf, subtreeUpperBound, type JsonObject, type TenantPath } from "@stratum-hq/core";
import { isLimited } from "./descendant-limits.store";
import type { SetStatement } from "../persistence/mutation-log.store";
import type { Transaction } from "../persistence/transaction";
import { TENANT_RESOURCE } from "./tenant-row";

/** What a move needs to know of the place it goes to, and of what it takes along. */
export interface MovePreconditions {
  /** The `depth` of the deepest tenant of the subtree; 0 where it was not asked for. */
  readonly deepest: number;
  readonly next_order: number;
  /** Whether the number of descendants is limited at the new parent or above. */
  readonly limited: boolean;
  /** The uppermost of the ancestors that are left behind that is on legal hold. */
  readonly held: string | null;
}

export interface Move {
  readonly id: string;
  readonly from: TenantPath;
  readonly to: TenantPath;
  readonly parent_id: string | null;
  readonly sort_order: number;
  /** Which tenant moved from and to which parent, recorded for each tenant that came along. */
  readonly before: JsonObject;
  readonly after: JsonObject;
}

/** The statements of moveTenant and reorderTenant, whatever the number of tenants. */
@Injectable()
export class TenantMoveStore {
  /**
   * @param left ancestors that will be none any more
   * @param deepens whether the subtree gets deeper; measuring it means reading all of it
   */
  async movePreconditions(
    tx: Transaction,
    path: TenantPath,
    parentId: string | null,
    left: readonly string[],
    deepens: boolean,
  ): Promise<MovePreconditions> {
    const rows = await tx.query<MovePreconditions>(
      `select
         (select coalesce(max(depth), 0) from stratum.tenants
          where ${deepens} and path >= $1::ltree and path < $2::ltree) as deepest,
         (select coalesce(max(sort_order) + 1, 0) from stratum.tenants
          where ${childrenOf(parentId, "$4")}) as next_order,
         ${parentId === null ? "false" : isLimited("(select path from stratum.tenants where id = $4)")}
           as limited,
         (select id from stratum.tenants where legal_hold and id = any($3::uuid[])
          order by depth limit 1) as held`,
      [path, subtreeUpperBound(path), left, ...(parentId === null ? [] : [parentId])],
    );
    return rows[0] as MovePreconditions;
  }

  /** Rebases the paths of a subtree. Every row gets the same two states: an ancestor of it moved. */
  move(move: Move): SetStatement {
    return {
      text: `
        update stratum.tenants as t
        set path = case when t.id = $1 then $2::ltree
                        else $2::ltree || subpath(t.path, $3) end,
            parent_id = case when t.id = $1 then $4::uuid else t.parent_id end,
            sort_order = case when t.id = $1 then $5 else t.sort_order end,
            version = t.version + 1, updated_at = now()
        where t.path >= $6::ltree and t.path < $7::ltree
        returning t.id as tenant_id`,
      resource: TENANT_RESOURCE,
      before: { same: move.before },
      after: { same: move.after },
      values: [
        move.id,
        move.to,
        depthOf(move.from) + 1,
        move.parent_id,
        move.sort_order,
        move.from,
        subtreeUpperBound(move.from),
      ],
    };
  }

  /**
   * Puts a tenant behind as many of its siblings as `position` says, archived ones not counted, and
   * numbers them all anew; only rows whose number changes are touched.
   */
  reorder(id: string, parentId: string | null, position: number): SetStatement {
    return {
      text: `
        update stratum.tenants as t
        set sort_order = placed.sort_order, version = t.version + 1, updated_at = now()
        from (
          with ranked as (
            select id, row_number() over siblings as rank,
                   count(*) filter (where status <> 'archived') over siblings as visible
            from stratum.tenants where ${childrenOf(parentId, "$3")} and id <> $1
            window siblings as (order by sort_order, id))
          select id, (rank - 1 + (visible > $2)::int)::int as sort_order from ranked
          union all
          select $1, (select count(*)::int from ranked where visible <= $2)) as placed,
          stratum.tenants as prior
        where t.id = placed.id and prior.id = t.id and t.sort_order <> placed.sort_order
        returning t.id as tenant_id, prior.sort_order as old_order, t.sort_order as new_order`,
      resource: TENANT_RESOURCE,
      before: "jsonb_build_object('sort_order', old_order)",
      after: "jsonb_build_object('sort_order', new_order)",
      values: [id, position, ...(parentId === null ? [] : [parentId])],
    };
  }
}

function childrenOf(parentId: string | null, parameter: string): string {
  return parentId === null ? "parent_id is null" : `parent_id = ${parameter}`;
}
