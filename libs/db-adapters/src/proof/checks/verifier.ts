import { VERIFIER } from "../verifier";
import type { Check } from "./check";

/** However it is indented. */
function flat(source: string): string {
  return `regexp_replace(${source}, '\\s+', ' ', 'g')`;
}

const IS_KNOWN = `${flat("p.prosrc")} in
  (select ${flat("known.source")} from unnest($2::text[]) as known(source))`;

const IS_INTACT = `p.prosecdef and p.proowner = (select oid from pg_roles where rolname = 'stratum_context')
  and p.proconfig = array['search_path=pg_catalog, pg_temp'] and ${IS_KNOWN} and p.prolang =
  (select oid from pg_language where lanname = 'plpgsql')`;

const REMAKE = `format('create or replace function ${VERIFIER} returns uuid language plpgsql stable parallel safe '
  'security definer set search_path = pg_catalog, pg_temp as %L; alter function ${VERIFIER} owner to stratum_context; '
  'grant execute on function ${VERIFIER} to stratum_tenant', ($2::text[])[cardinality($2::text[])])`;

const KEYS = "(select * from pg_class where oid = to_regclass('stratum.context_keys')) as c";

/** The verifier itself, and what it verifies with. */
export const VERIFIER_CHECKS: readonly Check[] = [
  {
    check: "verifier",
    object: `'${VERIFIER}'`,
    problem:
      "'it is missing, or not as the migration makes it: body, owner, SECURITY DEFINER or search_path'",
    statement: REMAKE,
    from: `(values (1)) as one where not exists (select from pg_proc p
      where p.oid = to_regprocedure('${VERIFIER}') and ${IS_INTACT})`,
  },
  {
    check: "verifier",
    object: "p.oid::regprocedure::text",
    problem: "format('%I may call it, and only the verifier is for tenants', a.rolname)",
    statement:
      "format('revoke execute on function %s from public, %I', p.oid::regprocedure, a.rolname)",
    from: `pg_proc p cross join actors a where p.pronamespace = 'stratum'::regnamespace
      and p.proname <> 'current_tenant_id' and (a.rolname, p.proname) <> ('stratum_subtree', 'current_subtree') and has_function_privilege(a.oid, p.oid, 'EXECUTE')`,
  },
  {
    check: "control data",
    object: "c.oid::regclass::text",
    problem: "format('%I may use it: control data of all tenants', a.rolname)",
    statement: "format('revoke all on %s from public, %I', c.oid::regclass, a.rolname)",
    from: `pg_class c cross join actors a
      where c.relnamespace = 'stratum'::regnamespace and c.relkind in ('r', 'p', 'v', 'm')
        and (a.rolname, c.relname) <> ('stratum_subtree', 'readable_tenants') and (has_any_column_privilege(a.oid, c.oid, 'SELECT, INSERT, UPDATE, REFERENCES')
          or has_table_privilege(a.oid, c.oid, 'DELETE, TRUNCATE, TRIGGER'))`,
  },
  {
    check: "key",
    object: "'stratum.context_keys'",
    problem:
      "'row-level security is off: a login that was granted all tables reads what contexts are signed with'",
    statement: "'alter table stratum.context_keys enable row level security'",
    from: `${KEYS} where not c.relrowsecurity`,
  },
  {
    check: "key",
    object: "'stratum.context_keys'",
    problem: "format('policy %I lets others read what contexts are signed with', p.polname)",
    statement: "format('drop policy %I on stratum.context_keys', p.polname)",
    from: `${KEYS} join pg_policy p on p.polrelid = c.oid`,
  },
  {
    check: "key",
    object: "'stratum.context_keys'",
    problem: "format('%s owns it, and reads what contexts are signed with', c.relowner::regrole)",
    statement: "'alter table stratum.context_keys owner to stratum_context'",
    from: `${KEYS} where c.relowner::regrole::text <> 'stratum_context'`,
  },
];
