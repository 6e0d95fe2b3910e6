import { type Check } from "./check";

/** The owner is one whom no policy stops, or who can take policies away. */
const PASSES = `(o.rolsuper or o.rolbypassrls or pg_has_role(o.oid, 'stratum_maintenance', 'MEMBER')
  or pg_has_role(o.oid, 'stratum_context', 'MEMBER')
  or exists (select from columned c where pg_has_role(o.oid, c.relowner, 'MEMBER')))`;

/** Functions of the host's; those that an extension brings are as safe as the extension. */
const FUNCTIONS = `pg_proc p join pg_namespace n on n.oid = p.pronamespace join pg_roles o on o.oid = p.proowner
  where n.nspname not in ('pg_catalog', 'information_schema', 'stratum')
    and not exists (select from pg_depend d where d.classid = 'pg_proc'::regclass and d.objid = p.oid and d.deptype = 'e')
    and exists (select from tenants)`;

const NAME = "p.oid::regprocedure::text";
const CALLED = `exists (select from actors a where has_function_privilege(a.oid, p.oid, 'EXECUTE')
  and has_schema_privilege(a.oid, n.oid, 'USAGE'))`;
const ACTORS = "(select string_agg(quote_ident(rolname), ', ') from actors)";

/** What a tenant's statement can call, or sets off. */
export const FUNCTION_CHECKS: readonly Check[] = [
  {
    check: "function",
    object: NAME,
    problem:
      "format('a tenant may call it, and it runs as %I (SECURITY DEFINER), whom the policies do not stop', o.rolname)",
    statement: `format('revoke execute on routine %s from public, %s', ${NAME}, ${ACTORS})`,
    from: `${FUNCTIONS} and p.prosecdef and p.prorettype not in ('trigger'::regtype, 'event_trigger'::regtype)
      and ${CALLED} and ${PASSES}`,
  },
  {
    check: "leakproof",
    object: NAME,
    problem: "'it is marked LEAKPROOF, so that it is called with rows that the policies then hide'",
    statement: `format('alter function %s not leakproof', ${NAME})`,
    from: `${FUNCTIONS} and p.proleakproof and ${CALLED}`,
  },
  {
    check: "trigger",
    object: "format('%I on %s', g.tgname, t.name)",
    problem:
      "format('it runs as %I (SECURITY DEFINER), whom the policies do not stop: it may touch its own row''s tenant only', o.rolname)",
    statement: `format('alter function %s security invoker', ${NAME})`,
    from: `tenants t join pg_trigger g on g.tgrelid = t.oid and not g.tgisinternal join pg_proc p on p.oid = g.tgfoid
      join pg_roles o on o.oid = p.proowner where p.prosecdef and ${PASSES}`,
    hole: false,
  },
];
