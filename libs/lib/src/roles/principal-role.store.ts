import { Injectable } from "@nestjs/common";
import { Database } from "../persistence/database";
import { IdGenerator } from "../persistence/id-generator";
import type { Transaction } from "../persistence/transaction";

/** A user, a service, a group … of the host application, at a tenant or (null) platform-wide. */
export interface Principal {
  readonly type: string;
  readonly id: string;
  readonly tenant_id: string | null;
}

/** What a principal's scopes at a tenant follow from. */
export interface PrincipalScopesRow {
  /** Ids from the root to the tenant; empty for the platform, null for no such tenant. */
  readonly chain: string[] | null;
  readonly roles: readonly {
    /** Where the role was assigned; null for platform-wide. */
    readonly tenant_id: string | null;
    readonly scopes: readonly string[];
  }[];
}

const IS_PRINCIPAL = "principal_type = $1 and principal_id = $2";

/** A principal's row at a tenant ($3), or platform-wide; each kind has an index of its own. */
function placeOf(tenantId: string | null): string {
  return `${IS_PRINCIPAL} and tenant_id ${tenantId === null ? "is null" : "= $3"}`;
}

/** The statements of principals' roles. */
@Injectable()
export class PrincipalRoleStore {
  constructor(
    private readonly database: Database,
    private readonly ids: IdGenerator,
  ) {}

  /** The role that the principal has at the tenant itself. */
  async find(tx: Transaction, { type, id, tenant_id }: Principal): Promise<string | undefined> {
    const rows = await tx.query<{ role_id: string }>(
      `select role_id from stratum.principal_roles where ${placeOf(tenant_id)}`,
      [type, id, ...(tenant_id === null ? [] : [tenant_id])],
    );
    return rows[0]?.role_id;
  }

  /** Gives the principal a role in place of the one it has there; the caller holds the principal's lock. */
  async put(tx: Transaction, principal: Principal, roleId: string): Promise<void> {
    await this.delete(tx, principal);
    await tx.query(
      `insert into stratum.principal_roles (principal_type, principal_id, tenant_id, role_id, id)
       values ($1, $2, $3, $4, $5)`,
      [principal.type, principal.id, principal.tenant_id, roleId, this.ids.next()],
    );
  }

  async delete(tx: Transaction, { type, id, tenant_id }: Principal): Promise<void> {
    await tx.query(`delete from stratum.principal_roles where ${placeOf(tenant_id)}`, [
      type,
      id,
      ...(tenant_id === null ? [] : [tenant_id]),
    ]);
  }

  /**
   * The roles that count for a principal at a tenant: assigned there, above, or platform-wide, and
   * serving the tenant.
   */
  async scopes({ type, id, tenant_id }: Principal): Promise<PrincipalScopesRow> {
    const rows = await this.database.query<PrincipalScopesRow>(
      `with place as materialized (
         select case when $3::uuid is null then '{}'::uuid[]
                     else (select string_to_array(path::text, '.')::uuid[]
                           from stratum.tenants where id = $3) end as chain)
       select to_json(place.chain) as chain,
              coalesce((
                select json_agg(json_build_object('tenant_id', p.tenant_id, 'scopes', r.scopes))
                from stratum.principal_roles as p join stratum.roles as r on r.id = p.role_id
                where ${IS_PRINCIPAL}
                  and (p.tenant_id is null or p.tenant_id = any(place.chain))
                  and (r.tenant_id is null or r.tenant_id = any(place.chain))), '[]') as roles
       from place`,
      [type, id, tenant_id],
    );
    return rows[0] as PrincipalScopesRow;
  }
}
