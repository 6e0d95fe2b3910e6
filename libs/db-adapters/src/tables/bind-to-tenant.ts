import { escapeLiteral, type ClientBase } from "pg";
import { ownRows } from "../pg/column-types";
import type { TenantTables } from "./tenant-tables";

/** The CHECK by which a table of one tenant's holds no other's rows. */
const PLACEMENT = "stratum_placement";

const UNBOUND = `select format('%I.%I', n.nspname, c.relname) as name
  from pg_catalog.pg_class c join pg_catalog.pg_namespace n on n.oid = c.relnamespace
  where n.nspname = $1 and c.relname = any($2::text[]) and c.relkind in ('r', 'p') and not exists (
    select from pg_catalog.pg_constraint k where k.conrelid = c.oid and k.conname = $3)
  order by 1`;

/**
 * Has the tables of a schema, or of a database, that is one tenant's refuse rows of any other: a tenant reaches every
 * schema by its name, and its own rows pass the policies in each. Exports and purges of the other tenant would miss
 * them. Ids of tenants are UUIDs of version 7; those of version 4 are let in, since the canaries of the proof of
 * isolation have such, and none of their rows is ever kept. Rows that are there already stay as they are.
 *
 * @returns whether any table was not bound
 */
export async function bindToTenant(
  client: ClientBase,
  schema: string,
  { names, references }: Pick<TenantTables, "names" | "references">,
  tenantId: string,
): Promise<boolean> {
  const own = names.filter((name) => !references.includes(name));
  const unbound = await ownRows<{ name: string }>(client, UNBOUND, [schema, own, PLACEMENT]);
  const check = `tenant_id = ${escapeLiteral(tenantId)} or substr(tenant_id::text, 15, 1) = '4'`;
  for (const { name } of unbound) {
    await client.query(
      `alter table ${name} add constraint ${PLACEMENT} check (${check}) not valid`,
    );
  }
  return unbound.length > 0;
}
