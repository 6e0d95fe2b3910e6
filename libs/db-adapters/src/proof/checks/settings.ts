import type { Check } from "./check";

const SETTINGS = `(select s.setdatabase, s.setrole, r.rolname, split_part(entry.text, '=', 1) as name,
    substr(entry.text, strpos(entry.text, '=') + 1) as value
  from pg_db_role_setting s left join pg_roles r on r.oid = s.setrole cross join unnest(s.setconfig) as entry(text)
  where s.setdatabase in (0, (select oid from pg_database where datname = current_database()))
    and (s.setrole = 0 or r.rolname = session_user)) as s`;

const OBJECT = `case when s.setrole <> 0 then quote_ident(s.rolname)
  when s.setdatabase <> 0 then quote_ident(current_database()) else 'all' end`;

const RESET = `format('alter %s reset %s', case when s.setrole = 0 and s.setdatabase = 0 then 'role all'
    when s.setrole = 0 then format('database %I', current_database())
    when s.setdatabase = 0 then format('role %I', s.rolname)
    else format('role %I in database %I', s.rolname, current_database()) end, s.name)`;

const PROBLEM = "format('setting %s is %s at the start of each session: %s', s.name, s.value, ";

/** Settings that a session begins with. The context sets those that it needs anew, but is itself found by them. */
export const SETTING_CHECKS: readonly Check[] = [
  {
    check: "setting",
    object: OBJECT,
    problem: `${PROBLEM}'names of pg_catalog, the context''s own functions too, can be shadowed')`,
    statement: RESET,
    from: `${SETTINGS} where s.name = 'search_path'
      and array_position(string_to_array(regexp_replace(s.value, '["\\s]', '', 'g'), ','), 'pg_catalog') > 1`,
  },
  {
    check: "setting",
    object: OBJECT,
    problem: `${PROBLEM}'what resets its role becomes that one')`,
    statement: RESET,
    from: `${SETTINGS} where $1::boolean and s.name = 'role' and s.value not in ('none', 'stratum_tenant')`,
  },
  {
    check: "setting",
    object: OBJECT,
    problem: `${PROBLEM}'foreign keys and triggers are not enforced')`,
    statement: RESET,
    from: `${SETTINGS} where s.name = 'session_replication_role' and s.value = 'replica'`,
  },
  {
    check: "setting",
    object: OBJECT,
    problem: `${PROBLEM}'statements without a context fail, or have one that nobody entered')`,
    statement: RESET,
    from: `${SETTINGS} where s.name in ('row_security', 'stratum.context')`,
    hole: false,
  },
];
