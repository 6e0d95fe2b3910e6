import { Injectable } from "@nestjs/common";
import { subtreeUpperBound, type Role, type TenantPath } from "@stratum-hq/core";
import { Database } from "../persistence/database";
import type { Sql } from "../persistence/sql";
import type { Transaction } from "../persistence/transaction";
import { isOnChainOf } from "../tenancy/chain";

/** A role with the place of its tenant; a global one has none. */
export interface RoleRow extends Role {
  readonly path: TenantPath | null;
}

/** What is written of a role. */
export interface RoleFields {
  readonly name: string;
  readonly description: string | null;
  readonly scopes: readonly string[];
}

/** A page of roles, and which ones; global roles are always among them. */
export interface RoleFilter {
  /** Those that serve this tenant: its own and those of the tenants above. */
  readonly serving?: string;
  /** Those of tenants at or below this path. */
  readonly within?: TenantPath;
  readonly cursor: string | null;
  readonly limit: number;
}

const COLUMNS = `r.id, r.tenant_id, r.name, r.description, to_json(r.scopes) as scopes, r.version,
  r.created_at, r.updated_at`;
const FROM = "stratum.roles as r left join stratum.tenants as t on t.id = r.tenant_id";

/** The statements of roles. */
@Injectable()
export class RoleStore {
  constructor(private readonly database: Database) {}

  async find(id: string, sql: Sql = this.database): Promise<RoleRow | undefined> {
    const text = `select ${COLUMNS}, t.path from ${FROM} where r.id = $1`;
    return (await sql.query<RoleRow>(text, [id]))[0];
  }

  /** The role, kept from others: from being deleted or changed, or (`share`) from either by others. */
  async findLocked(
    tx: Transaction,
    id: string,
    mode: "update" | "share",
  ): Promise<RoleRow | undefined> {
    const text = `select ${COLUMNS}, t.path from ${FROM} where r.id = $1 for ${mode} of r`;
    return (await tx.query<RoleRow>(text, [id]))[0];
  }

  async list({ serving, within, cursor, limit }: RoleFilter): Promise<RoleRow[]> {
    const { operator } = this.database.ltree;
    const values: unknown[] = [limit, cursor];
    const bind = (value: unknown): string => `$${values.push(value)}`;
    const inReach = [
      ...(serving === undefined ? [] : [isOnChainOf(`= ${bind(serving)}::uuid`)]),
      ...(within === undefined
        ? []
        : [
            `t.path ${operator(">=")} ${bind(within)}
             and t.path ${operator("<")} ${bind(subtreeUpperBound(within))}`,
          ]),
    ];
    return this.database.query<RoleRow>(
      `select ${COLUMNS}, t.path from ${FROM}
       where ${inReach.length === 0 ? "true" : `(r.tenant_id is null or ${inReach.join(" and ")})`}
         and ($2::uuid is null or r.id > $2) order by r.id limit $1`,
      values,
    );
  }

  async insert(
    tx: Transaction,
    role: RoleFields & { id: string; tenant_id: string | null },
  ): Promise<Role> {
    const rows = await tx.query<Role>(
      `insert into stratum.roles as r (id, tenant_id, name, description, scopes)
       values ($1, $2, $3, $4, $5) returning ${COLUMNS}`,
      [role.id, role.tenant_id, role.name, role.description, role.scopes],
    );
    return rows[0] as Role;
  }

  async update(tx: Transaction, id: string, fields: RoleFields): Promise<Role> {
    const rows = await tx.query<Role>(
      `update stratum.roles as r
       set name = $2, description = $3, scopes = $4, version = version + 1, updated_at = now()
       where id = $1 returning ${COLUMNS}`,
      [id, fields.name, fields.description, fields.scopes],
    );
    return rows[0] as Role;
  }

  async delete(tx: Transaction, id: string): Promise<void> {
    await tx.query("delete from stratum.roles where id = $1", [id]);
  }

  /** How many API keys that have not ended, and how many principals, have the role. */
  async uses(tx: Transaction, id: string): Promise<{ api_keys: number; principals: number }> {
    const rows = await tx.query<{ api_keys: number; principals: number }>(
      `select (select count(*) from stratum.api_keys where role_id = $1 and revoked_at is null
                 and (expires_at is null or expires_at > now()))::int as api_keys,
              (select count(*) from stratum.principal_roles where role_id = $1)::int as principals`,
      [id],
    );
    return rows[0] as { api_keys: number; principals: number };
  }
}
