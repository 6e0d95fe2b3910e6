import { randomUUID } from "node:crypto";
import { Stratum, type Tenant } from "@stratum-hq/lib";
import type { Pool } from "pg";
import type { BenchContext, Workload } from "../harness";
import { chain, fill, label } from "../seed";

const DEPTH = 10;
const POLICIES = 30;

async function tenantWithPermissions({ stratum }: BenchContext): Promise<Tenant> {
  const levels = await chain(stratum, DEPTH);
  for (const [level, tenant] of levels.entries()) {
    for (let n = 0; n < POLICIES / DEPTH; n += 1) {
      await stratum.createPermission(tenant.id, { key: `key.${level}.${n}` });
    }
  }
  return levels.at(-1) as Tenant;
}

const permissionsWarm: Workload = {
  name: "permissions-warm",
  title: `resolvePermissions warm, depth ${DEPTH}, ${POLICIES} policies | with the cache off`,
  kind: "speedup",
  bound: 50,
  prepare: async (context) => {
    const { id } = await tenantWithPermissions(context);
    const uncached = new Stratum({ pool: context.pool, cacheSize: 0 });
    return {
      ours: () => context.stratum.resolvePermissions(id),
      baseline: () => uncached.resolvePermissions(id),
      batch: 100,
      pairs: 60,
    };
  },
};

const permissionCheck: Workload = {
  name: "permission-check",
  title: `checkPermission warm, ${POLICIES} policies | a lookup in a Map of as many`,
  kind: "time",
  oursBelow: 2,
  prepare: async (context) => {
    const { id } = await tenantWithPermissions(context);
    const resolved = Object.values(await context.stratum.resolvePermissions(id));
    const values = new Map(resolved.map(({ key, value }) => [key, value]));
    const keys = [...values.keys()];
    let [ours, baseline] = [0, 0];
    return {
      ours: () => context.stratum.checkPermission(id, keys[(ours += 1) % POLICIES] as string),
      baseline: () =>
        Promise.resolve(values.get(keys[(baseline += 1) % POLICIES] as string) === true),
      batch: 10_000,
      pairs: 60,
    };
  },
};

const DESCENDANTS = 10_000;
const KEY = "revoked";

/** What an experienced hand would write: everything revoked and logged by one statement. */
async function revokeByHand(pool: Pool, root: Tenant): Promise<void> {
  const client = await pool.connect();
  try {
    await client.query("begin");
    await client.query(
      `with gone as (
         delete from stratum.permission_policies as p using stratum.tenants as t
         where t.path >= $1::text::ltree and t.path < $2::text::ltree and p.tenant_id = t.id
           and p.key = $3 and p.revocation_mode <> 'PERMANENT'
         returning p.*)
       insert into stratum.audit_logs (id, operation_id, actor_id, actor_type, action, resource_type,
         resource_id, tenant_id, before_state)
       select uuidv7(), $4, 'system', 'system', 'permission.deleted', 'permission', id,
         tenant_id, jsonb_build_object('key', key, 'value', value, 'mode', mode,
           'revocation_mode', revocation_mode, 'version', version)
       from gone`,
      [label(root), `${label(root)}.z`, KEY, randomUUID()],
    );
    await client.query("commit");
  } finally {
    client.release();
  }
}

const permissionCascade: Workload = {
  name: "permission-cascade",
  title: `CASCADE revocation of ${DESCENDANTS} descendants' policies | by hand: delete and log the same rows`,
  kind: "time",
  bound: 1.5,
  prepare: async ({ stratum, pool }) => {
    const [root] = (await chain(stratum, 1)) as [Tenant];
    await fill(pool, root, DESCENDANTS);
    const policy = randomUUID();
    const reset = async (): Promise<void> => {
      const { rows } = await pool.query("select from stratum.permission_policies limit 1");
      if (rows.length > 0) throw new Error("policies survived their revocation");
      await grant();
    };
    const grant = async (): Promise<void> => {
      await pool.query(
        `insert into stratum.permission_policies (id, tenant_id, key, mode)
         select case when id = $1 then $2 else gen_random_uuid() end, id, $3, 'DELEGATED'
         from stratum.tenants`,
        [root.id, policy, KEY],
      );
      // Dead rows of one side would slow the other down.
      await pool.query("vacuum analyze stratum.permission_policies, stratum.audit_logs");
    };
    await grant();
    return {
      ours: () => stratum.deletePermission(root.id, policy),
      baseline: () => revokeByHand(pool, root),
      reset,
      pairs: 15,
    };
  },
};

export const PERMISSION_WORKLOADS = [permissionsWarm, permissionCheck, permissionCascade];
