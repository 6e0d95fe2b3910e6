import { Injectable } from "@nestjs/common";
import { chainOf, subtreeUpperBound } from "@stratum-hq/core";
import type { Transaction } from "../persistence/transaction";
import type { TenantRow } from "../tenancy/tenant-row";
import type { ControlTable } from "../persistence/control-table";

/** What stands against a purge. */
export interface PurgeObstacles {
  /** The uppermost tenant on the chain or below that is on legal hold. */
  readonly held: string | null;
  readonly has_children: boolean;
  /** The operation that is purging a tenant below already, or the tenant itself. */
  readonly purge_id: string | null;
}

/** The statements that take tenants away. */
@Injectable()
export class PurgeStore {
  async obstacles(tx: Transaction, { id, path }: TenantRow): Promise<PurgeObstacles> {
    const rows = await tx.query<PurgeObstacles>(
      `select
         (select id from stratum.tenants
          where legal_hold and (id = any($2::uuid[]) or path >= $3::ltree and path < $4::ltree)
          order by depth limit 1) as held,
         exists (select from stratum.tenants where parent_id = $1) as has_children,
         (select purge_id from stratum.tenants
          where path >= $3::ltree and path < $4::ltree and purge_id is not null
          order by path limit 1) as purge_id`,
      [id, chainOf(path), path, subtreeUpperBound(path)],
    );
    return rows[0] as PurgeObstacles;
  }

  /** A tenant's id, and those of all below. */
  async idsOf(tx: Transaction, { path }: TenantRow): Promise<string[]> {
    const rows = await tx.query<{ id: string }>(
      "select id from stratum.tenants where path >= $1::ltree and path < $2::ltree",
      [path, subtreeUpperBound(path)],
    );
    return rows.map(({ id }) => id);
  }

  /** Marks a subtree: from the commit on it is shut, and taken away by the operation alone. How many are in it. */
  async mark(tx: Transaction, { path }: TenantRow, purgeId: string): Promise<number> {
    const rows = await tx.query<{ n: number }>(
      `with marked as (
         update stratum.tenants
         set status = 'purging', purge_id = $3, version = version + 1, updated_at = now()
         where path >= $1::ltree and path < $2::ltree returning 1)
       select count(*)::int as n from marked`,
      [path, subtreeUpperBound(path), purgeId],
    );
    return rows[0]?.n ?? 0;
  }

  /** Destroys data keys of the tenants marked, so many at most; their ids. */
  async destroyKeys(tx: Transaction, purgeId: string, limit: number): Promise<string[]> {
    const rows = await tx.query<{ id: string }>(
      `delete from stratum.tenant_keys where id in (
         select k.id from stratum.tenants as t
         join stratum.tenant_keys as k on k.tenant_id = t.id
         where t.purge_id = $1 limit $2)
       returning id`,
      [purgeId, limit],
    );
    return rows.map(({ id }) => id);
  }

  /** Destroys the data keys of some tenants; their ids. */
  async destroyKeysOf(tx: Transaction, tenantIds: readonly string[]): Promise<string[]> {
    const rows = await tx.query<{ id: string }>(
      "delete from stratum.tenant_keys where tenant_id = any($1::uuid[]) returning id",
      [tenantIds],
    );
    return rows.map(({ id }) => id);
  }

  /**
   * The lowest of the tenants marked. Whoever still writes a row of one of them is waited for, and nobody
   * begins to: what follows in the transaction sees all their rows.
   */
  async lowest(tx: Transaction, purgeId: string, limit: number): Promise<string[]> {
    const rows = await tx.query<{ id: string }>(
      `select id from stratum.tenants where purge_id = $1
       order by purge_id, depth desc limit $2 for update`,
      [purgeId, limit],
    );
    return rows.map(({ id }) => id);
  }

  /** Deletes rows of some tenants from a table, so many at most; how many went. */
  async deleteRows(
    tx: Transaction,
    { schema, table, tenant }: ControlTable,
    tenantIds: readonly string[],
    limit: number,
  ): Promise<number> {
    const rows = await tx.query<{ n: number }>(
      `with gone as (
         delete from ${schema}.${table} where ctid = any(array(
           select ctid from ${schema}.${table} where ${tenant} = any($1::uuid[])
           limit $2 for update))
         returning 1)
       select count(*)::int as n from gone`,
      [tenantIds, limit],
    );
    return rows[0]?.n ?? 0;
  }

  /** Deletes tenants that have no other rows, and leaves their tombstones; whether any is left of the purge. */
  async deleteTenants(
    tx: Transaction,
    purgeId: string,
    tenantIds: readonly string[],
  ): Promise<boolean> {
    await tx.query(
      `with gone as (delete from stratum.tenants where id = any($1::uuid[]) returning id)
       insert into stratum.purged_tenants (tenant_id, certificate_id) select id, $2 from gone`,
      [tenantIds, purgeId],
    );
    const left = await tx.query("select from stratum.tenants where purge_id = $1 limit 1", [
      purgeId,
    ]);
    return left.length > 0;
  }
}
