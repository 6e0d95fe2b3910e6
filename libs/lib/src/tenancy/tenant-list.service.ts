import { Injectable } from "@nestjs/common";
import {
  listTenantsSchema,
  subtreeUpperBound,
  validate,
  type ListTenantsInput,
  type Page,
  type Tenant,
  type TenancyApi,
} from "@stratum-hq/core";
import type { SelectQueryBuilder } from "typeorm";
import { z } from "zod";
import { currentCaller, type Caller } from "../context/caller";
import { Database } from "../persistence/database";
import { decodeCursor, pageOf } from "./page-cursor";
import { tenantPageFor } from "./disclosure";
import { TenantEntity } from "./tenant.entity";
import { TenantStore } from "./tenant.store";

const idCursorSchema = z.guid();

/** Pages of tenants by filter. */
@Injectable()
export class TenantListService implements Pick<TenancyApi, "listTenants" | "listOrganizations"> {
  constructor(
    private readonly database: Database,
    private readonly store: TenantStore,
  ) {}

  async listTenants(query: ListTenantsInput = {}): Promise<Page<Tenant>> {
    const { limit, cursor, ...filters } = validate(listTenantsSchema, query, "query");
    const after = decodeCursor(idCursorSchema, cursor);
    const select = await this.filtered(filters, currentCaller());
    if (after !== null) select.andWhere("t.id > :after", { after });
    select.orderBy("t.id").limit(limit + 1);
    const rows = await this.database.read(() => select.getMany());
    return tenantPageFor(
      currentCaller(),
      pageOf(rows, limit, ({ id }) => id),
    );
  }

  async listOrganizations(query: Omit<ListTenantsInput, "parent_id"> = {}): Promise<Page<Tenant>> {
    const organizations = validate(listTenantsSchema.omit({ parent_id: true }), query, "query");
    return this.listTenants({ ...organizations, parent_id: null });
  }

  private async filtered(
    { parent_id, status, include_archived }: Omit<ListTenantsInput, "cursor" | "limit">,
    caller: Caller,
  ): Promise<SelectQueryBuilder<TenantEntity>> {
    const select = this.database.dataSource.getRepository(TenantEntity).createQueryBuilder("t");
    if (parent_id === null) select.andWhere("t.parent_id is null");
    if (typeof parent_id === "string") select.andWhere("t.parent_id = :parent_id", { parent_id });
    if (status !== undefined) select.andWhere("t.status = :status", { status });
    else if (include_archived !== true) select.andWhere("t.status <> 'archived'");
    if (caller.bound_to !== null) await this.restrict(select, caller.bound_to);
    // Its own tenant among the children of an id would tell that the id is its parent's.
    if (typeof parent_id === "string" && !caller.sees_ancestors) {
      select.andWhere("t.id <> :bound_to", { bound_to: caller.bound_to });
    }
    return select;
  }

  /** Leaves only what a bound caller may see: its own tenant and what is below. */
  private async restrict(select: SelectQueryBuilder<TenantEntity>, boundTo: string): Promise<void> {
    const { operator } = this.database.ltree;
    const own = await this.store.findById(boundTo);
    if (own === undefined) {
      select.andWhere("false");
      return;
    }
    select
      .andWhere(`t.path ${operator(">=")} :own`, { own: own.path })
      .andWhere(`t.path ${operator("<")} :end`, { end: subtreeUpperBound(own.path) });
  }
}
