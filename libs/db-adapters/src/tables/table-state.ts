import type { ClientBase, Pool } from "pg";
import type { TenantTables } from "./tenant-tables";
import { ownRows } from "../pg/column-types";

const LACKING = `
  select n as name from unnest($2::text[], $3::boolean[]) with ordinality as wanted(n, reference, place)
  left join pg_class c on c.relname = n and c.relkind in ('r', 'p')
    and c.relnamespace = (select oid from pg_namespace where nspname = $1)
  where c.oid is null or not reference and not (c.relrowsecurity and c.relforcerowsecurity and exists (
    select from pg_policy p where p.polrelid = c.oid and p.polname = 'stratum_isolation'))
  order by place`;

/** The declared tables that a schema lacks: that are not there, or not made to hold tenants' rows. */
export async function lackingTables(
  client: ClientBase | Pool,
  schema: string,
  { names, references }: Pick<TenantTables, "names" | "references">,
): Promise<string[]> {
  if (names.length === 0) return [];
  const isReference = names.map((name) => references.includes(name));
  const rows = await ownRows<{ name: string }>(client, LACKING, [schema, names, isReference]);
  return rows.map(({ name }) => name);
}
