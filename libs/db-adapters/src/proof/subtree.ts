/**
 * What a subtree is read by, as schema stratum's migrations make it (1764374400310): copies of its own, so that the
 * proof does not believe what it is to prove.
 */
export const SUBTREE_SOURCE = `
      declare
        tenant constant pg_catalog.uuid := stratum.current_tenant_id();
      begin
        if pg_catalog.substr(pg_catalog.current_setting('stratum.context', true), 66, 8)
           operator(pg_catalog.<>) 'subtree.' then
          raise exception 'the tenant context does not reach below its tenant' using errcode = 'ST003';
        end if;
        return (select t.path from stratum.tenants as t where t.id operator(pg_catalog.=) tenant);
      end
      `;

/** The view, as PostgreSQL tells it under the search path of the proof; %s is the schema of extension ltree. */
export const READABLE_TENANTS =
  " SELECT id FROM stratum.tenants t WHERE ((path OPERATOR(%s.<@) ( SELECT stratum.current_subtree() AS current_subtree))" +
  " AND (status = ANY (ARRAY['active'::text, 'suspended'::text, 'archived'::text])));";
