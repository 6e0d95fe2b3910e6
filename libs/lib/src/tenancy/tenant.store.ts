import { Injectable } from "@nestjs/common";
import {
  MAX_UNPAGED_RESULTS,
  subtreeUpperBound,
  type JsonObject,
  type TenantPath,
} from "@stratum-hq/core";
import { Database } from "../persistence/database";
import type { Sql } from "../persistence/sql";
import type { Transaction } from "../persistence/transaction";
import type { TenantRow, VisibleTenantRow } from "./tenant-row";

/** The columns that callers see something of. */
const VISIBLE_COLUMNS = [
  "id",
  "parent_id",
  "path",
  "name",
  "slug",
  "external_id",
  "metadata",
  "isolation_strategy",
  "region_id",
  "status",
  "status_reason",
  "legal_hold",
  "sort_order",
  "version",
  "deleted_at",
  "created_at",
  "updated_at",
] as const;

/** The columns of {@link TenantRow}. */
export const TENANT_COLUMNS = [
  ...VISIBLE_COLUMNS,
  "suspension_id",
  "suspended_by",
  "archival_id",
  "archived_by",
  "held_by",
] as const;

const of = (columns: readonly string[]): string =>
  columns.map((column) => `t.${column}`).join(", ");
const COLUMNS = of(TENANT_COLUMNS);

/** What `updateTenant` writes. */
export interface TenantFields {
  readonly name: string;
  readonly slug: string;
  readonly external_id: string | null;
  readonly metadata: JsonObject;
  readonly legal_hold: boolean;
  readonly held_by: string | null;
}

/** Statements on single tenants, on chains and on subtrees. */
@Injectable()
export class TenantStore {
  constructor(private readonly database: Database) {}

  async findById(id: string, sql: Sql = this.database): Promise<TenantRow | undefined> {
    return (await this.select(sql, "t.id = $1", [id]))[0];
  }

  /** The tenants of some ids, in no particular order. */
  async findByIds(ids: readonly string[]): Promise<TenantRow[]> {
    return this.select(this.database, "t.id = any($1::uuid[])", [ids]);
  }

  async findBySlug(slug: string): Promise<TenantRow | undefined> {
    return (await this.select(this.database, "t.slug = $1", [slug]))[0];
  }

  /** `treeOf` is any tenant of the tree in which the external id is unique. */
  async findByExternalId(treeOf: string, externalId: string): Promise<TenantRow | undefined> {
    const where = `t.external_id = $2
      and t.root_id = (select root_id from stratum.tenants where id = $1)`;
    return (await this.select(this.database, where, [treeOf, externalId]))[0];
  }

  /** The tenants of some ids, locked against other writers; in no particular order. */
  async findForUpdate(tx: Transaction, ids: readonly string[]): Promise<TenantRow[]> {
    return this.select(tx, "t.id = any($1::uuid[]) order by t.id for no key update", [ids]);
  }

  /** From the root to the tenant itself; empty where there is no such tenant. */
  async chain(id: string): Promise<VisibleTenantRow[]> {
    return this.database.query<VisibleTenantRow>(
      `select ${of(VISIBLE_COLUMNS)} from stratum.tenants as self
       join stratum.tenants as t on t.id = any(string_to_array(self.path::text, '.')::uuid[])
       where self.id = $1 order by t.depth`,
      [id],
    );
  }

  /** One more than an unpaginated list may have, at most. */
  async children(id: string, includeArchived: boolean): Promise<TenantRow[]> {
    return this.select(
      this.database,
      `t.parent_id = $1 and ${statusFilter(includeArchived)}
       order by t.sort_order, t.id limit ${MAX_UNPAGED_RESULTS + 1}`,
      [id],
    );
  }

  /** A page of the subtree in path order, which is depth first; `after` is the last path seen. */
  async descendants(
    path: TenantPath,
    page: { after: TenantPath | null; limit: number; includeArchived: boolean },
  ): Promise<TenantRow[]> {
    const { operator } = this.database.ltree;
    return this.select(
      this.database,
      `t.path ${operator(">")} $1 and t.path ${operator("<")} $2
       and ${statusFilter(page.includeArchived)}
       order by t.path limit $3`,
      [page.after ?? path, subtreeUpperBound(path), page.limit],
    );
  }

  /** Those of some tenants that are at or below one. */
  async idsWithin(
    ids: readonly string[],
    ancestorId: string,
    sql: Sql = this.database,
  ): Promise<string[]> {
    if (ids.length === 0) return [];
    const rows = await sql.query<{ id: string }>(
      `select id from stratum.tenants
       where id = any($1::uuid[]) and $2::uuid = any(string_to_array(path::text, '.')::uuid[])`,
      [ids, ancestorId],
    );
    return rows.map(({ id }) => id);
  }

  async update(tx: Transaction, id: string, fields: TenantFields): Promise<TenantRow> {
    const rows = await tx.query<TenantRow>(
      `update stratum.tenants as t
       set name = $2, slug = $3, external_id = $4, metadata = $5, legal_hold = $6, held_by = $7,
           version = version + 1, updated_at = now()
       where id = $1 returning ${COLUMNS}`,
      [
        ...[id, fields.name, fields.slug, fields.external_id, JSON.stringify(fields.metadata)],
        ...[fields.legal_hold, fields.held_by],
      ],
    );
    return rows[0] as TenantRow;
  }

  async setRegion(tx: Transaction, id: string, regionId: string): Promise<TenantRow> {
    const rows = await tx.query<TenantRow>(
      `update stratum.tenants as t
       set region_id = $2, version = version + 1, updated_at = now()
       where id = $1 returning ${COLUMNS}`,
      [id, regionId],
    );
    return rows[0] as TenantRow;
  }

  private select(sql: Sql, where: string, values: readonly unknown[]): Promise<TenantRow[]> {
    return sql.query<TenantRow>(
      `select ${COLUMNS} from stratum.tenants as t where ${where}`,
      values,
    );
  }
}

function statusFilter(includeArchived: boolean): string {
  return includeArchived ? "true" : "t.status <> 'archived'";
}
