import { Injectable } from "@nestjs/common";
import { subtreeUpperBound, type ApiKey, type TenantPath } from "@stratum-hq/core";
import { Database } from "../persistence/database";

/** Which keys a list has, all conditions together. */
export interface ApiKeyFilter {
  readonly tenant_id?: string;
  /** Keys of tenants at or below this path. */
  readonly within?: TenantPath;
  /** Keys that work, and were neither made nor used in so many days. */
  readonly dormantDays?: number;
  readonly cursor: string | null;
  readonly limit: number;
}

/** Lists of keys, oldest first. */
@Injectable()
export class ApiKeyListStore {
  constructor(private readonly database: Database) {}

  async list(filter: ApiKeyFilter): Promise<ApiKey[]> {
    const { operator } = this.database.ltree;
    const values: unknown[] = [filter.limit, filter.cursor];
    const bind = (value: unknown): string => `$${values.push(value)}`;
    const conditions = ["($2::uuid is null or k.id > $2)"];
    const { tenant_id, within, dormantDays } = filter;
    if (tenant_id !== undefined) conditions.push(`k.tenant_id = ${bind(tenant_id)}`);
    if (within !== undefined) {
      conditions.push(`k.tenant_id in (select t.id from stratum.tenants as t
        where t.path ${operator(">=")} ${bind(within)}
          and t.path ${operator("<")} ${bind(subtreeUpperBound(within))})`);
    }
    if (dormantDays !== undefined) {
      conditions.push(`k.revoked_at is null and (k.expires_at is null or k.expires_at > now())
        and coalesce(k.last_used_at, k.created_at)
            <= now() - ${bind(dormantDays)}::int * interval '1 day'`);
    }
    return this.database.query<ApiKey>(
      `select k.id, k.tenant_id, k.name, k.key_prefix, k.key_hint, to_json(k.scopes) as scopes,
              k.role_id, k.rate_limit_max, k.rate_limit_window, k.expires_at, k.last_used_at,
              k.revoked_at, k.replaced_by, k.created_at
       from stratum.api_keys as k where ${conditions.join(" and ")} order by k.id limit $1`,
      values,
    );
  }
}
