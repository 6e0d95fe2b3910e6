import { Injectable } from "@nestjs/common";
import {
  SCOPE_INCOMPLETE_NAMED_MAX,
  subtreeUpperBound,
  type IsolationStrategy,
  type TenantPath,
} from "@stratum-hq/core";
import { Database } from "../persistence/database";

/** A tenant whose rows are not beside those of the tenant that was asked for. */
export interface TenantApart {
  readonly id: string;
  readonly isolation_strategy: IsolationStrategy;
}

/** The tenants below one whose rows are kept elsewhere: how many, and the first of them. */
export interface TenantsApart {
  readonly count: number;
  readonly tenants: readonly TenantApart[];
}

/** Where the tenants of a subtree have their rows. */
@Injectable()
export class ApartStore {
  constructor(private readonly database: Database) {}

  /**
   * Those below a tenant that have rows elsewhere than it: of one in the shared tables, who is not there;
   * of one with a schema or a database of its own, everybody. Depth first.
   */
  async below(path: TenantPath, strategy: IsolationStrategy): Promise<TenantsApart> {
    const { operator } = this.database.ltree;
    const elsewhere = strategy === "SHARED_RLS" ? "isolation_strategy <> 'SHARED_RLS'" : "true";
    const tenants = await this.database.query<TenantApart & { count: number }>(
      `select id, isolation_strategy, (count(*) over ())::int as count from stratum.tenants
       where path ${operator(">")} $1 and path ${operator("<")} $2 and ${elsewhere}
         and status in ('active', 'suspended', 'archived')
       order by path limit ${SCOPE_INCOMPLETE_NAMED_MAX}`,
      [path, subtreeUpperBound(path)],
    );
    return {
      count: tenants[0]?.count ?? 0,
      tenants: tenants.map(({ id, isolation_strategy }) => ({ id, isolation_strategy })),
    };
  }
}
