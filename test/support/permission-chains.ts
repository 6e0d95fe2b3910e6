import type { PermissionMode, RevocationMode, Tenant } from "@stratum-hq/lib";
import type { StratumFixture } from "./use-stratum";

/** Three tenants, one below the other, and a key that no other test uses. */
export interface PermissionChain {
  readonly root: Tenant;
  readonly middle: Tenant;
  readonly leaf: Tenant;
  readonly key: string;
}

/** Chains of tenants for suites about permissions. */
export function permissionChains(t: StratumFixture) {
  let serial = 0;
  return {
    chain: async (): Promise<PermissionChain> => {
      serial += 1;
      const [root, middle, leaf] = [`r${serial}`, `m${serial}`, `l${serial}`];
      const g = await t.grow([root, [middle, [leaf]]]);
      return { root: g[root]!, middle: g[middle]!, leaf: g[leaf]!, key: `k.${serial}` };
    },

    /** Puts a policy into the table past every rule, as a state that rules may have to deal with. */
    plant: async (
      tenant: Tenant,
      key: string,
      mode: PermissionMode,
      revocation_mode: RevocationMode = "CASCADE",
    ): Promise<string> => {
      const [row] = await t.rows<{ id: string }>(
        `insert into stratum.permission_policies (id, tenant_id, key, value, mode, revocation_mode)
         values (gen_random_uuid(), $1, $2, to_jsonb($3::text), $4, $5) returning id`,
        [tenant.id, key, tenant.slug, mode, revocation_mode],
      );
      return row!.id;
    },

    /** The tenants that have a policy for a key, root first, by the first letter of their slugs. */
    holders: async (key: string): Promise<string[]> => {
      const rows = await t.rows<{ slug: string }>(
        `select t.slug from stratum.permission_policies as p
         join stratum.tenants as t on t.id = p.tenant_id where p.key = $1 order by t.depth`,
        [key],
      );
      return rows.map(({ slug }) => slug.replace(/\d+$/, ""));
    },
  };
}
