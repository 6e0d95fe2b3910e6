import { Stratum, type Tenant } from "@stratum-hq/lib";
import type { BenchContext, Workload } from "../harness";
import { chain } from "../seed";

const DEPTH = 10;
const KEYS = 50;

async function tenantWithConfig({ stratum }: BenchContext): Promise<Tenant> {
  const levels = await chain(stratum, DEPTH);
  for (const [level, tenant] of levels.entries()) {
    const entries = Array.from({ length: KEYS / DEPTH }, (_, n) => ({
      key: `key.${level}.${n}`,
      value: { level, n },
    }));
    await stratum.batchSetConfig(tenant.id, entries);
  }
  return levels.at(-1) as Tenant;
}

const resolveWarm: Workload = {
  name: "resolve-warm",
  title: `resolveConfig warm, depth ${DEPTH}, ${KEYS} keys | with the cache off`,
  kind: "speedup",
  bound: 50,
  oursBelow: 10,
  prepare: async (context) => {
    const { id } = await tenantWithConfig(context);
    const uncached = new Stratum({ pool: context.pool, cacheSize: 0 });
    return {
      ours: () => context.stratum.resolveConfig(id),
      baseline: () => uncached.resolveConfig(id),
      batch: 100,
      pairs: 60,
    };
  },
};

/** The statement that resolveConfig runs, sent by hand. */
const RESOLVE = `
  select t.id, t.path, t.name, t.slug, t.status = 'archived' as archived,
         coalesce(own.entries, '[]') as entries,
         case when own.sealed then (
           select coalesce(json_agg(k), '[]') from (
             select id, tenant_id, version, master_key_id, wrapped
             from stratum.tenant_keys where tenant_id = t.id) as k) end as keys
  from stratum.tenants as t cross join lateral (
    select bool_or(e.sensitive) as sealed, json_agg(json_build_object(
      'key', e.key, 'value', e.value, 'locked', e.locked, 'sensitive', e.sensitive)) as entries
    from stratum.config_entries as e where e.tenant_id = t.id) as own
  where t.id in (
    select unnest(string_to_array(self.path::text, '.')::uuid[])
    from stratum.tenants as self where self.id = $1::uuid)
  order by t.depth`;

const resolveCold: Workload = {
  name: "resolve-cold",
  title: "resolveConfig cold | the same statement through pool.query",
  kind: "time",
  bound: 1.3,
  prepare: async (context) => {
    const { id } = await tenantWithConfig(context);
    return {
      ours: () => context.stratum.resolveConfig(id, { consistency: "strong" }),
      baseline: () => context.pool.query({ name: "bench_resolve", text: RESOLVE, values: [id] }),
      batch: 20,
      pairs: 100,
    };
  },
};

const BATCH = 200;

const batchSet: Workload = {
  name: "batch-set",
  title: `batchSetConfig of ${BATCH} keys | setConfig of one`,
  kind: "time",
  bound: 4,
  prepare: async ({ stratum }) => {
    const [root] = (await chain(stratum, 1)) as [Tenant];
    let value = 0;
    return {
      ours: () => {
        value += 1;
        const entries = Array.from({ length: BATCH }, (_, n) => ({ key: `batch.${n}`, value }));
        return stratum.batchSetConfig(root.id, entries);
      },
      baseline: () => stratum.setConfig(root.id, "single", { value: (value += 1) }),
      pairs: 200,
    };
  },
};

export const CONFIG_WORKLOADS = [resolveWarm, resolveCold, batchSet];
