import { Injectable } from "@nestjs/common";
import {
  subtreeUpperBound,
  type ApiKey,
  type TenantPath,
  type TenantStatus,
} from "@stratum-hq/core";
import { Database } from "../persistence/database";
import { IdGenerator } from "../persistence/id-generator";
import type { SetStatement } from "../persistence/mutation-log.store";
import type { Sql } from "../persistence/sql";
import type { Transaction } from "../persistence/transaction";
import { isOnChainOf } from "../tenancy/chain";

/** A key with the place of its tenant; one of the platform has none. */
export interface ApiKeyRow extends ApiKey {
  readonly path: TenantPath | null;
  readonly expired: boolean;
}

/** A key that is not revoked, with all that its validity depends on. */
export interface KeyCredential {
  readonly id: string;
  readonly tenant_id: string | null;
  readonly key_hash: string;
  readonly scopes: readonly string[];
  readonly role_id: string | null;
  /** Null where there is no role, or it does not serve the tenant any more. */
  readonly role_scopes: readonly string[] | null;
  readonly rate_limit_max: number | null;
  readonly rate_limit_window: number | null;
  readonly expires_at: string | null;
  /** The tenant's chain, root first; empty for a key of the platform. */
  readonly chain: readonly { readonly id: string; readonly status: TenantStatus }[];
}

/** What is inserted of a key. */
export type NewApiKey = Omit<
  ApiKey,
  "id" | "last_used_at" | "revoked_at" | "replaced_by" | "created_at"
> & { readonly key_hash: string };

const COLUMNS = `k.id, k.tenant_id, k.name, k.key_prefix, k.key_hint, to_json(k.scopes) as scopes,
  k.role_id, k.rate_limit_max, k.rate_limit_window, k.expires_at, k.last_used_at, k.revoked_at,
  k.replaced_by, k.created_at`;
const ROW = `${COLUMNS}, t.path, coalesce(k.expires_at <= now(), false) as expired`;
const FROM = "stratum.api_keys as k left join stratum.tenants as t on t.id = k.tenant_id";

/** The statements of API keys. */
@Injectable()
export class ApiKeyStore {
  constructor(
    private readonly database: Database,
    private readonly ids: IdGenerator,
  ) {}

  async find(id: string, sql: Sql = this.database): Promise<ApiKeyRow | undefined> {
    const text = `select ${ROW} from ${FROM} where k.id = $1`;
    return (await sql.query<ApiKeyRow>(text, [id]))[0];
  }

  async findForUpdate(tx: Transaction, id: string): Promise<ApiKeyRow | undefined> {
    const text = `select ${ROW} from ${FROM} where k.id = $1 for update of k`;
    return (await tx.query<ApiKeyRow>(text, [id]))[0];
  }

  /** What a hash stands for, unless it is revoked: one query, by the hash's index. */
  async credential(hash: string): Promise<KeyCredential | undefined> {
    const rows = await this.database.query<KeyCredential>(
      `select k.id, k.tenant_id, encode(k.key_hash, 'hex') as key_hash, to_json(k.scopes) as scopes,
              k.role_id, to_json(r.scopes) as role_scopes, k.rate_limit_max, k.rate_limit_window,
              k.expires_at,
              coalesce((
                select json_agg(json_build_object('id', t.id, 'status', t.status) order by t.depth)
                from stratum.tenants as t where ${isOnChainOf("= k.tenant_id")}), '[]') as chain
       from stratum.api_keys as k
       left join stratum.roles as r on r.id = k.role_id and (
         r.tenant_id is null or r.tenant_id in (
           select t.id from stratum.tenants as t where ${isOnChainOf("= k.tenant_id")}))
       where k.key_hash = decode($1, 'hex') and k.revoked_at is null`,
      [hash],
    );
    return rows[0];
  }

  /** Whether the platform has a key, or has had one that is revoked. */
  async hasPlatformKey(tx: Transaction): Promise<boolean> {
    const text = "select from stratum.api_keys where tenant_id is null limit 1";
    return (await tx.query(text)).length > 0;
  }

  /** Which key a hash is of, also where it is revoked. */
  async findByHash(
    hash: string,
    sql: Sql = this.database,
  ): Promise<Pick<ApiKey, "id" | "tenant_id" | "revoked_at"> | undefined> {
    const rows = await sql.query<Pick<ApiKey, "id" | "tenant_id" | "revoked_at">>(
      `select id, tenant_id, revoked_at from stratum.api_keys where key_hash = decode($1, 'hex')`,
      [hash],
    );
    return rows[0];
  }

  /** Writes a key, under an id that it gets here. */
  async insert(tx: Transaction, key: NewApiKey): Promise<ApiKey> {
    const rows = await tx.query<ApiKey>(
      `insert into stratum.api_keys as k (id, tenant_id, name, key_prefix, key_hint, key_hash, scopes,
         role_id, rate_limit_max, rate_limit_window, expires_at)
       values ($1, $2, $3, $4, $5, decode($6, 'hex'), $7, $8, $9, $10, $11) returning ${COLUMNS}`,
      [
        this.ids.next(),
        key.tenant_id,
        key.name,
        key.key_prefix,
        key.key_hint,
        key.key_hash,
        key.scopes,
        key.role_id,
        key.rate_limit_max,
        key.rate_limit_window,
        key.expires_at,
      ],
    );
    return rows[0] as ApiKey;
  }

  async revoke(tx: Transaction, id: string): Promise<ApiKey> {
    return this.update(tx, id, "revoked_at = now()");
  }

  /** Ends a key in favour of another one, after `overlapMs` or, where that is sooner, when it expires. */
  async replace(tx: Transaction, id: string, by: string, overlapMs: number): Promise<ApiKey> {
    return overlapMs === 0
      ? this.update(tx, id, "revoked_at = now(), replaced_by = $2", [by])
      : this.update(
          tx,
          id,
          `replaced_by = $2,
           expires_at = least(expires_at, now() + $3::double precision * interval '1 millisecond')`,
          [by, overlapMs],
        );
  }

  async setRole(tx: Transaction, id: string, roleId: string | null): Promise<ApiKey> {
    return this.update(tx, id, "role_id = $2", [roleId]);
  }

  /** Revokes all keys of a tenant, with `subtree` those of the tenants below it too. */
  revocation(path: TenantPath, subtree: boolean): SetStatement {
    return {
      resource: { type: "api_key", id: "null" },
      text: `
        update stratum.api_keys as k set revoked_at = now() from stratum.tenants as t
        where t.id = k.tenant_id and t.path >= $1::ltree and t.path < $2::ltree
          and k.revoked_at is null
        returning k.tenant_id, k.id as key_id, k.name, k.revoked_at`,
      values: [path, subtree ? subtreeUpperBound(path) : `${path}.0`],
      before: "jsonb_object_agg(key_id, jsonb_build_object('name', name, 'revoked_at', null))",
      after: "jsonb_object_agg(key_id, jsonb_build_object('name', name, 'revoked_at', revoked_at))",
      grouped: true,
    };
  }

  /** Notes that keys were used; those whose row another transaction has are left for their next use. */
  async touch(ids: readonly string[], intervalMs: number): Promise<void> {
    await this.database.query(
      `update stratum.api_keys as k set last_used_at = now()
       from (select id from stratum.api_keys
             where id = any($1::uuid[]) and (last_used_at is null
               or last_used_at <= now() - $2::double precision * interval '1 millisecond')
             order by id for no key update skip locked) as used
       where k.id = used.id`,
      [ids, intervalMs],
    );
  }

  private async update(
    tx: Transaction,
    id: string,
    assignments: string,
    values: readonly unknown[] = [],
  ): Promise<ApiKey> {
    const rows = await tx.query<ApiKey>(
      `update stratum.api_keys as k set ${assignments} where id = $1 returning ${COLUMNS}`,
      [id, ...values],
    );
    return rows[0] as ApiKey;
  }
}
