import { Injectable } from "@nestjs/common";
import {
  MAX_UNPAGED_RESULTS,
  subtreeUpperBound,
  type AbacPolicy,
  type AbacPolicyIdentity,
  type PolicyAbove,
  type TenantPath,
  type TenantStatus,
} from "@stratum-hq/core";
import { Database } from "../persistence/database";
import type { SetStatement } from "../persistence/mutation-log.store";
import type { Transaction } from "../persistence/transaction";
import { isOnChainOf } from "../tenancy/chain";

/** One tenant of a chain with its own policies. */
export interface AbacLevelRow {
  readonly id: string;
  readonly slug: string;
  readonly archived: boolean;
  /** As PostgreSQL writes them in JSON: with times that are not in our form of ISO 8601 yet. */
  readonly policies: readonly AbacPolicy[];
}

/** What a change of a tenant's policy depends on. */
export interface AbacPreconditions {
  readonly id: string;
  readonly path: TenantPath;
  readonly status: TenantStatus;
  /** The policies of the same resource_type, action and name at the tenants above, root first. */
  readonly above: readonly PolicyAbove[];
}

/** A policy as it is inserted. */
export type NewAbacPolicy = Omit<AbacPolicy, "version" | "created_at" | "updated_at">;

const COLUMNS = `id, tenant_id, name, resource_type, action, effect, conditions, priority, mode, version,
  created_at, updated_at`;

/** The statements of ABAC policies, whatever the number of tenants. */
@Injectable()
export class AbacStore {
  constructor(private readonly database: Database) {}

  /** Every tenant on a tenant's chain, with its policies, root first; one round trip. */
  async levels(tenantId: string): Promise<AbacLevelRow[]> {
    return this.database.query<AbacLevelRow>(
      `select t.id, t.slug, t.status = 'archived' as archived,
              coalesce((select json_agg(p) from (
                select ${COLUMNS} from stratum.abac_policies where tenant_id = t.id) as p),
                '[]') as policies
       from stratum.tenants as t where ${isOnChainOf("= $1::uuid")}
       order by t.depth`,
      [tenantId],
    );
  }

  /** A tenant's own policies, the highest priority first; one more than a list may have, at most. */
  async list(tenantId: string): Promise<AbacPolicy[]> {
    return this.database.query<AbacPolicy>(
      `select ${COLUMNS} from stratum.abac_policies where tenant_id = $1
       order by priority desc, id limit $2`,
      [tenantId, MAX_UNPAGED_RESULTS + 1],
    );
  }

  /** Reads under the locks what decides about a tenant's policy; undefined for no such tenant. */
  async preconditions(
    tx: Transaction,
    tenantId: string,
    { resource_type, action, name }: AbacPolicyIdentity,
  ): Promise<AbacPreconditions | undefined> {
    const rows = await tx.query<AbacPreconditions>(
      `select self.id, self.path, self.status,
         coalesce((
           select json_agg(json_build_object('tenant_id', p.tenant_id, 'mode', p.mode) order by t.depth)
           from stratum.tenants as t join stratum.abac_policies as p on p.tenant_id = t.id
           where ${isOnChainOf("= $1::uuid")} and t.id <> self.id and t.status <> 'archived'
             and p.resource_type = $2 and p.action = $3 and p.name = $4), '[]') as above
       from stratum.tenants as self where self.id = $1`,
      [tenantId, resource_type, action, name],
    );
    return rows[0];
  }

  async findById(
    tx: Transaction,
    tenantId: string,
    policyId: string,
  ): Promise<AbacPolicy | undefined> {
    const rows = await tx.query<AbacPolicy>(
      `select ${COLUMNS} from stratum.abac_policies where id = $2 and tenant_id = $1`,
      [tenantId, policyId],
    );
    return rows[0];
  }

  async find(
    tx: Transaction,
    tenantId: string,
    { resource_type, action, name }: AbacPolicyIdentity,
  ): Promise<AbacPolicy | undefined> {
    const rows = await tx.query<AbacPolicy>(
      `select ${COLUMNS} from stratum.abac_policies
       where tenant_id = $1 and resource_type = $2 and action = $3 and name = $4`,
      [tenantId, resource_type, action, name],
    );
    return rows[0];
  }

  async insert(tx: Transaction, policy: NewAbacPolicy): Promise<AbacPolicy> {
    const rows = await tx.query<AbacPolicy>(
      `insert into stratum.abac_policies
         (id, tenant_id, name, resource_type, action, effect, conditions, priority, mode)
       values ($1, $2, $3, $4, $5, $6, $7, $8, $9) returning ${COLUMNS}`,
      [
        policy.id,
        policy.tenant_id,
        policy.name,
        policy.resource_type,
        policy.action,
        policy.effect,
        JSON.stringify(policy.conditions),
        policy.priority,
        policy.mode,
      ],
    );
    return rows[0] as AbacPolicy;
  }

  /** Deletes the policies of a subtree that share resource_type, action and name. */
  cascade(path: TenantPath, { resource_type, action, name }: AbacPolicyIdentity): SetStatement {
    return {
      text: `
        delete from stratum.abac_policies as p using stratum.tenants as t
        where t.path >= $1::ltree and t.path < $2::ltree and p.tenant_id = t.id
          and p.resource_type = $3 and p.action = $4 and p.name = $5
        returning p.tenant_id, p.id as policy_id, p.name, p.resource_type, p.action, p.effect,
          p.conditions, p.priority, p.mode, p.version`,
      values: [path, subtreeUpperBound(path), resource_type, action, name],
      resource: { type: "abac_policy", id: "policy_id::text" },
      before: `jsonb_build_object('name', name, 'resource_type', resource_type, 'action', action,
        'effect', effect, 'conditions', conditions, 'priority', priority, 'mode', mode,
        'version', version)`,
      after: "null::jsonb",
    };
  }
}
