import { Stratum, type Tenant } from "@stratum-hq/lib";
import type { Workload } from "../harness";
import { chain } from "../seed";

const DEPTH = 5;

const validateWarm: Workload = {
  name: "key-warm",
  title: `validateApiKey warm, tenant at depth ${DEPTH - 1}, with a role | with the cache off`,
  kind: "speedup",
  bound: 20,
  prepare: async ({ pool, stratum }) => {
    const { id: tenant_id } = (await chain(stratum, DEPTH)).at(-1) as Tenant;
    const role = await stratum.createRole({ name: "bench", scopes: ["write"], tenant_id });
    const key = await stratum.createApiKey(tenant_id, { role_id: role.id });
    const uncached = new Stratum({ pool, cacheSize: 0 });
    return {
      ours: () => stratum.validateApiKey(key.plaintext_key),
      baseline: () => uncached.validateApiKey(key.plaintext_key),
      batch: 100,
      pairs: 60,
    };
  },
};

export const API_KEY_WORKLOADS = [validateWarm];
