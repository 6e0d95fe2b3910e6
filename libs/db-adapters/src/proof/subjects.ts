import { reaches } from "./checks/check";

/** Roles that tenants' statements run as; the second one reads what a tenant's subtree has (docs/adr/0042). */
export const TENANT_ROLES = "('stratum_tenant', 'stratum_subtree')";

/**
 * Named queries that the checks read. $1 says whether the login of the session is for tenants alone, and so
 * one that their statements can become.
 *
 * - `actors`: the roles that a tenant's statement acts as. One that is a superuser, or a member of others,
 *   is found by the checks of roles, and left out: all else could be reached through that.
 * - `columned`: tables with a column tenant_id, outside of schema stratum, whose tables are nobody's but
 *   Stratum's; partitions, children and foreign tables too.
 * - `tenants`: those of them that hold tenants' rows, which `enableRls` has left its mark on.
 * - `shows`: what shows rows of these, or of a table of schema stratum, with its owner's rights: views that
 *   have no security_invoker, over tables or over each other, and materialized views over anything. A view
 *   that has it asks as whoever reads, also beneath one that has not.
 */
export const SUBJECTS = `
  actors as materialized (
    select r.oid, r.rolname from pg_roles r
    where (r.rolname in ${TENANT_ROLES} or ($1::boolean and r.rolname = session_user)) and not r.rolsuper
      and not exists (select from pg_auth_members m join pg_roles g on g.oid = m.roleid
        where m.member = r.oid and g.rolname not in ${TENANT_ROLES})),
  columned as materialized (
    select c.oid, c.relkind, c.relispartition, c.relowner, c.relrowsecurity, c.relforcerowsecurity,
      c.relnamespace, n.nspname as schema, c.relname as relation, format('%I.%I', n.nspname, c.relname) as name,
      a.attnum, a.atttypid, a.attnotnull,
      pg_get_expr(d.adbin, d.adrelid) is not distinct from 'stratum.current_tenant_id()' as has_default,
      ${reaches("c.oid", "n.oid")} as reached,
      exists (select from pg_inherits i where i.inhrelid = c.oid) as is_child,
      exists (select from pg_policy p where p.polrelid = c.oid
        and p.polname in ('stratum_isolation', 'stratum_access', 'stratum_maintenance')) as has_policies
    from pg_class c join pg_namespace n on n.oid = c.relnamespace
    join pg_attribute a on a.attrelid = c.oid and a.attname = 'tenant_id' and a.attnum > 0 and not a.attisdropped
    left join pg_attrdef d on d.adrelid = c.oid and d.adnum = a.attnum
    where c.relkind in ('r', 'p', 'f') and n.nspname <> 'stratum' and n.nspname !~ '^pg_' and n.nspname <> 'information_schema'),
  tenants as materialized (
    select * from columned where relkind in ('r', 'p') and (has_policies or (has_default and not is_child))),
  uses as materialized (
    select distinct v.oid as view, v.relkind, v.relkind = 'v' and exists (select from pg_options_to_table(v.reloptions) o
        where o.option_name = 'security_invoker' and o.option_value::boolean) as is_invoker, d.refobjid as used
    from pg_rewrite r join pg_class v on v.oid = r.ev_class and v.relkind in ('v', 'm')
    join pg_depend d on d.classid = 'pg_rewrite'::regclass and d.objid = r.oid and d.refclassid = 'pg_class'::regclass
    where d.refobjid <> r.ev_class),
  bases as materialized (
    select oid from columned union all select oid from pg_class where relnamespace = 'stratum'::regnamespace),
  over_bases as (
    select view, relkind from uses where used in (select oid from bases)
    union select uses.view, uses.relkind from uses join over_bases on uses.used = over_bases.view),
  shown as (
    select view from uses where not is_invoker and used in (select oid from bases)
    union select view from over_bases where relkind = 'm'
    union select uses.view from uses join shown on uses.used = shown.view where not uses.is_invoker),
  shows as materialized (
    select c.oid, c.relkind, format('%I.%I', n.nspname, c.relname) as name
    from shown join pg_class c on c.oid = shown.view join pg_namespace n on n.oid = c.relnamespace
    where n.nspname <> 'stratum' and ${reaches("c.oid", "n.oid")})`;
