import type { Pool } from "pg";
import { DECLARED } from "./declared-tables";

const BROKEN = `
  with wanted as (
    select 'tenant_' || replace(t.id::text, '-', '') as name, d as tables, status
    from stratum.tenants t cross join (values ($1::int)) as v(d) where isolation_strategy = 'SCHEMA_PER_TENANT'),
  found as (
    select n.nspname as name, (select count(*)::int from pg_class c join pg_policy p on p.polrelid = c.oid
      where c.relnamespace = n.oid and p.polname = 'stratum_isolation') as tables
    from pg_namespace n where n.nspname ~ '^tenant_[0-9a-f]{32}$')
  select * from wanted full join found using (name) where wanted.tables is distinct from found.tables
    and not (found.tables is null and wanted.status = 'purging')`;

const TABLES = DECLARED.filter(({ reference }) => reference !== true).length;

/**
 * Tenants without their schema or one of the {@link DECLARED} tables in it, save for those that are being
 * purged, and schemas without a tenant.
 */
export async function brokenSchemas(pool: Pool): Promise<unknown[]> {
  const { rows } = await pool.query<Record<string, unknown>>(BROKEN, [TABLES]);
  return rows;
}
