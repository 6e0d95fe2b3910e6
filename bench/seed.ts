import type { Stratum, Tenant } from "@stratum-hq/lib";
import type { Pool } from "pg";

/** A tenant's label in paths. */
export function label({ id }: Tenant): string {
  return id.replaceAll("-", "");
}

/** A chain of tenants, root first. */
export async function chain(stratum: Stratum, length: number): Promise<Tenant[]> {
  const tenants: Tenant[] = [];
  for (let level = 0; level < length; level += 1) {
    const parent_id = tenants.at(-1)?.id ?? null;
    tenants.push(await stratum.createTenant({ name: `Level ${level}`, parent_id }));
  }
  return tenants;
}

/**
 * Fills a tree by SQL: `count` tenants below a root, in groups of a hundred below children of it.
 * Through the API a million would take an hour.
 */
export async function fill(pool: Pool, root: Tenant, count: number): Promise<void> {
  await pool.query(
    `with parent as materialized (
       select gen_random_uuid() as id, n from generate_series(1, $2::int / 100) as n),
     child as materialized (
       select gen_random_uuid() as id, parent.id as parent_id, n, m
       from parent, generate_series(1, 99) as m),
     placed as (
       select id, $1::uuid as parent_id,
              replace($1::uuid::text, '-', '') || '.' || replace(id::text, '-', '') as path,
              'p' || n as label from parent
       union all
       select id, parent_id, replace($1::uuid::text, '-', '') || '.' || replace(parent_id::text, '-', '')
              || '.' || replace(id::text, '-', ''), 'c' || n || '_' || m from child)
     insert into stratum.tenants (id, parent_id, path, name, slug)
     select id, parent_id, path::ltree, label, $3 || label from placed`,
    [root.id, count, `${root.slug}_`],
  );
  await pool.query("vacuum analyze stratum.tenants");
}
