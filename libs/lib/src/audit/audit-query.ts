import { Injectable } from "@nestjs/common";
import {
  subtreeUpperBound,
  type AuditEntry,
  type queryAuditLogsSchema,
  type TenantPath,
} from "@stratum-hq/core";
import type { SelectQueryBuilder } from "typeorm";
import { leastRowId } from "../persistence/row-ids";
import { Database } from "../persistence/database";
import { TenantEntity } from "../tenancy/tenant.entity";
import { AuditLogEntity } from "./audit-log.entity";

type Filters = ReturnType<typeof queryAuditLogsSchema.parse>;
interface Scope {
  readonly id: string;
  readonly path: TenantPath;
}

/** Filters that compare a column of the same name. */
const EQUAL = [
  "action",
  "resource_type",
  "resource_id",
  "actor_id",
  "request_id",
  "source_ip",
] as const;

/** Tenants of a subtree that a query names one by one, at most. */
const MAX_NAMED = 1000;

/** Selects audit entries, newest first: ids begin with the time. */
@Injectable()
export class AuditQuery {
  constructor(private readonly database: Database) {}

  /** Entries of one tenant, of a subtree, or (`tenant` null) of all. */
  async find(
    filters: Filters,
    tenant: Scope | null,
    withDescendants: boolean,
  ): Promise<AuditEntry[]> {
    const select = this.select();
    if (tenant !== null && withDescendants) await this.ofSubtree(select, tenant);
    else if (tenant !== null) select.andWhere("a.tenant_id = :tenant", { tenant: tenant.id });
    for (const column of EQUAL) {
      if (filters[column] !== undefined) {
        select.andWhere(`a.${column} = :${column}`, { [column]: filters[column] });
      }
    }
    if (filters.from !== undefined)
      select.andWhere("a.id >= :from", { from: leastRowId(filters.from) });
    if (filters.to !== undefined) select.andWhere("a.id < :to", { to: leastRowId(filters.to) });
    if (filters.cursor != null) select.andWhere("a.id < :cursor", { cursor: filters.cursor });
    return this.rows(select.limit(filters.limit));
  }

  /** The entry of an id, if it stands in the log of the scope or below; `undefined` is no scope. */
  async findById(id: string, scope: Scope | null | undefined): Promise<AuditEntry[]> {
    if (scope === undefined) return [];
    const select = this.select().andWhere("a.id = :id", { id });
    if (scope !== null) this.within(select, scope);
    return this.rows(select);
  }

  private select(): SelectQueryBuilder<AuditLogEntity> {
    return this.database.dataSource
      .getRepository(AuditLogEntity)
      .createQueryBuilder("a")
      .orderBy("a.id", "DESC");
  }

  /**
   * Restricts to a subtree. The ids of a small one are named, so that the planner knows whether its tenants
   * have few rows, which their index finds, or most of the log, which is then read from its end.
   */
  private async ofSubtree(select: SelectQueryBuilder<AuditLogEntity>, scope: Scope): Promise<void> {
    const { operator } = this.database.ltree;
    const rows = await this.database.read(() =>
      this.database.dataSource
        .getRepository(TenantEntity)
        .createQueryBuilder("t")
        .select("t.id", "id")
        .where(`t.path ${operator(">=")} :path and t.path ${operator("<")} :end`)
        .setParameters({ path: scope.path, end: subtreeUpperBound(scope.path) })
        .limit(MAX_NAMED + 1)
        .getRawMany<{ id: string }>(),
    );
    if (rows.length > MAX_NAMED) this.within(select, scope);
    else select.andWhere("a.tenant_id = any(:ids)", { ids: rows.map(({ id }) => id) });
  }

  private within(select: SelectQueryBuilder<AuditLogEntity>, { path }: Scope): void {
    const { operator } = this.database.ltree;
    const subtree = select
      .subQuery()
      .select("t.id")
      .from(TenantEntity, "t")
      .where(`t.path ${operator(">=")} :path and t.path ${operator("<")} :end`)
      .getQuery();
    select
      .andWhere(`a.tenant_id in ${subtree}`)
      .setParameters({ path, end: subtreeUpperBound(path) });
  }

  private async rows(select: SelectQueryBuilder<AuditLogEntity>): Promise<AuditEntry[]> {
    return this.database.read(async () =>
      (await select.getMany()).map((entry): AuditEntry => Object.assign({}, entry)),
    );
  }
}
