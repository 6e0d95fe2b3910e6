import { escapeLiteral } from "pg";
import { READABLE_TENANTS, SUBTREE_SOURCE } from "../subtree";
import type { Check } from "./check";

/** However it is indented, and whether it names the table that a column is of, as releases of PostgreSQL differ in. */
function flat(text: string): string {
  return `regexp_replace(regexp_replace(trim(${text}, E' \\n;'), '\\s+', ' ', 'g'), '\\mt\\.', '', 'g')`;
}

/** Schema of extension ltree, as SQL. */
const LTREE = `(select quote_ident(n.nspname) from pg_proc f join pg_type l on l.oid = f.prorettype
  join pg_namespace n on n.oid = l.typnamespace where f.oid = to_regprocedure('stratum.current_subtree()'))`;

const DEFINITION = `format(${escapeLiteral(READABLE_TENANTS)}, ${LTREE})`;

/** What a tenant's subtree is read by (docs/adr/0042); a tenant's own database has none of it. */
export const SUBTREE_CHECKS: readonly Check[] = [
  {
    check: "subtree",
    object: "'stratum.current_subtree()'",
    problem: "'it is not as the migration makes it: body, owner, SECURITY DEFINER or search_path'",
    statement: `format('create or replace function stratum.current_subtree() returns %s language plpgsql stable '
      'parallel safe security definer set search_path = pg_catalog, pg_temp as %L; '
      'alter function stratum.current_subtree() owner to stratum_context', p.prorettype::regtype, ${escapeLiteral(SUBTREE_SOURCE)})`,
    from: `pg_proc p where p.oid = to_regprocedure('stratum.current_subtree()') and not (
      p.prosecdef and p.proowner = (select oid from pg_roles where rolname = 'stratum_context')
      and p.proconfig = array['search_path=pg_catalog, pg_temp']
      and p.prolang = (select oid from pg_language where lanname = 'plpgsql')
      and ${flat("p.prosrc")} = ${flat(escapeLiteral(SUBTREE_SOURCE))})`,
  },
  {
    check: "subtree",
    object: "'stratum.readable_tenants'",
    problem:
      "'it shows other tenants than those at and below the one in context, or to another owner'",
    statement: `format('create or replace view stratum.readable_tenants with (security_barrier) as %s; '
      'alter view stratum.readable_tenants owner to stratum_context', ${DEFINITION})`,
    from: `pg_class c where c.oid = to_regclass('stratum.readable_tenants') and not (
      c.relkind = 'v' and c.relowner = (select oid from pg_roles where rolname = 'stratum_context')
      and ${flat("pg_get_viewdef(c.oid)")} = ${flat(DEFINITION)})`,
  },
  {
    check: "subtree",
    object: "'stratum.readable_tenants'",
    problem:
      "'it is no security_barrier: functions of a tenant''s own are called with ids of others'",
    statement: "'alter view stratum.readable_tenants set (security_barrier = true)'",
    from: `pg_class c where c.oid = to_regclass('stratum.readable_tenants') and not exists (
      select from pg_options_to_table(c.reloptions) o where o.option_name = 'security_barrier' and o.option_value::boolean)`,
  },
];
