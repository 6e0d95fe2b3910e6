import { Injectable } from "@nestjs/common";
import {
  subtreeUpperBound,
  type PermissionLevelPolicy,
  type PermissionMode,
  type PermissionPolicy,
  type PolicyAbove,
  type TenantPath,
  type TenantStatus,
} from "@stratum-hq/core";
import { Database } from "../persistence/database";
import type { SetStatement } from "../persistence/mutation-log.store";
import type { Transaction } from "../persistence/transaction";
import { isOnChainOf } from "../tenancy/chain";

/** One tenant of a chain with its own policies and bans. */
export interface PermissionLevelRow {
  readonly id: string;
  readonly slug: string;
  readonly archived: boolean;
  readonly policies: readonly PermissionLevelPolicy[];
  readonly bans: readonly string[];
}

/** What a change of a tenant's policy for one key depends on. */
export interface PermissionPreconditions {
  readonly id: string;
  readonly path: TenantPath;
  readonly status: TenantStatus;
  /** The key's policies at the tenants above, root first. */
  readonly above: readonly PolicyAbove[];
  /** The uppermost tenant of the chain that bans the key, the tenant itself included. */
  readonly banned_at: string | null;
}

/** What is written of a policy. */
export interface PolicyFields {
  readonly value: PermissionPolicy["value"];
  readonly mode: PermissionMode;
  readonly revocation_mode: PermissionPolicy["revocation_mode"];
}

const COLUMNS = "id, tenant_id, key, value, mode, revocation_mode, version, created_at, updated_at";

/** Policies as the resource of a set-based change, and their state in the audit log. */
const REMOVAL = {
  resource: { type: "permission", id: "policy_id::text" },
  before: `jsonb_build_object('key', key, 'value', value, 'mode', mode,
    'revocation_mode', revocation_mode, 'version', version)`,
  after: "null::jsonb",
} as const;

/** The statements of permissions, whatever the number of tenants. */
@Injectable()
export class PermissionStore {
  constructor(private readonly database: Database) {}

  /** Every tenant on a tenant's chain, with its policies and bans, root first; one round trip. */
  async levels(tenantId: string): Promise<PermissionLevelRow[]> {
    return this.database.query<PermissionLevelRow>(
      `select t.id, t.slug, t.status = 'archived' as archived,
              coalesce((select json_agg(json_build_object(
                'policy_id', p.id, 'key', p.key, 'value', p.value, 'mode', p.mode,
                'revocation_mode', p.revocation_mode))
                from stratum.permission_policies as p where p.tenant_id = t.id), '[]') as policies,
              coalesce((select json_agg(b.key)
                from stratum.permission_bans as b where b.tenant_id = t.id), '[]') as bans
       from stratum.tenants as t where ${isOnChainOf("= $1::uuid")}
       order by t.depth`,
      [tenantId],
    );
  }

  /** The key of a tenant's policy; undefined for no such policy. */
  async keyOf(tx: Transaction, tenantId: string, policyId: string): Promise<string | undefined> {
    const rows = await tx.query<{ key: string }>(
      "select key from stratum.permission_policies where id = $2 and tenant_id = $1",
      [tenantId, policyId],
    );
    return rows[0]?.key;
  }

  /** Reads under the locks what decides about a tenant's policy; undefined for no such tenant. */
  async preconditions(
    tx: Transaction,
    tenantId: string,
    key: string,
  ): Promise<PermissionPreconditions | undefined> {
    const rows = await tx.query<PermissionPreconditions>(
      `select self.id, self.path, self.status,
         coalesce((
           select json_agg(json_build_object('tenant_id', p.tenant_id, 'mode', p.mode) order by t.depth)
           from stratum.tenants as t join stratum.permission_policies as p on p.tenant_id = t.id
           where ${isOnChainOf("= $1::uuid")} and t.id <> self.id
             and t.status <> 'archived' and p.key = $2), '[]') as above,
         (select b.tenant_id
          from stratum.tenants as t join stratum.permission_bans as b on b.tenant_id = t.id
          where ${isOnChainOf("= $1::uuid")} and b.key = $2 order by t.depth limit 1) as banned_at
       from stratum.tenants as self where self.id = $1`,
      [tenantId, key],
    );
    return rows[0];
  }

  async find(
    tx: Transaction,
    tenantId: string,
    key: string,
  ): Promise<PermissionPolicy | undefined> {
    const rows = await tx.query<PermissionPolicy>(
      `select ${COLUMNS} from stratum.permission_policies where tenant_id = $1 and key = $2`,
      [tenantId, key],
    );
    return rows[0];
  }

  async insert(
    tx: Transaction,
    policy: PolicyFields & { id: string; tenant_id: string; key: string },
  ): Promise<PermissionPolicy> {
    const rows = await tx.query<PermissionPolicy>(
      `insert into stratum.permission_policies (id, tenant_id, key, value, mode, revocation_mode)
       values ($1, $2, $3, $4, $5, $6) returning ${COLUMNS}`,
      [
        policy.id,
        policy.tenant_id,
        policy.key,
        JSON.stringify(policy.value),
        policy.mode,
        policy.revocation_mode,
      ],
    );
    return rows[0] as PermissionPolicy;
  }

  async update(tx: Transaction, id: string, fields: PolicyFields): Promise<PermissionPolicy> {
    const rows = await tx.query<PermissionPolicy>(
      `update stratum.permission_policies
       set value = $2, mode = $3, revocation_mode = $4, version = version + 1, updated_at = now()
       where id = $1 returning ${COLUMNS}`,
      [id, JSON.stringify(fields.value), fields.mode, fields.revocation_mode],
    );
    return rows[0] as PermissionPolicy;
  }

  /** Deletes one policy, and nothing below it. */
  removal(policyId: string): SetStatement {
    return {
      ...REMOVAL,
      text: `
        delete from stratum.permission_policies as p where p.id = $1
        returning p.tenant_id, p.id as policy_id, p.key, p.value, p.mode, p.revocation_mode, p.version`,
      values: [policyId],
    };
  }

  /** Deletes the key's policies of a subtree. PERMANENT ones stay, unless `force`. */
  cascade(path: TenantPath, key: string, force: boolean): SetStatement {
    return {
      ...REMOVAL,
      text: `
        delete from stratum.permission_policies as p using stratum.tenants as t
        where t.path >= $1::ltree and t.path < $2::ltree and p.tenant_id = t.id and p.key = $3
          and ($4::boolean or p.revocation_mode <> 'PERMANENT')
        returning p.tenant_id, p.id as policy_id, p.key, p.value, p.mode, p.revocation_mode, p.version`,
      values: [path, subtreeUpperBound(path), key, force],
    };
  }

  /** A PERMANENT policy for the key at the tenant or below; the uppermost, if there are several. */
  async permanentWithin(
    tx: Transaction,
    path: TenantPath,
    key: string,
  ): Promise<{ policy_id: string; tenant_id: string } | undefined> {
    const rows = await tx.query<{ policy_id: string; tenant_id: string }>(
      `select p.id as policy_id, p.tenant_id
       from stratum.tenants as t join stratum.permission_policies as p on p.tenant_id = t.id
       where t.path >= $1::ltree and t.path < $2::ltree and p.key = $3
         and p.revocation_mode = 'PERMANENT'
       order by t.path limit 1`,
      [path, subtreeUpperBound(path), key],
    );
    return rows[0];
  }
}
