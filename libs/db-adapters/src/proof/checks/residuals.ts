import type { Check } from "./check";

/** What PostgreSQL lets everybody call, and a tenant's injected SQL with them, by what comes of it. */
const GROUPS = `(values
  ('large objects', 'injected SQL can leave rows in them, which another tenant''s can read', '^(lo_|loread$|lowrite$)'),
  ('other sessions', 'injected SQL can end or cancel statements of the same login', '^pg_(terminate|cancel)_backend$'),
  ('notifications', 'injected SQL can send text to whoever listens', '^pg_notify$')
  ) as g(object, problem, names)`;

const CALLED = `(select g.object, g.problem, string_agg(p.oid::regprocedure::text, ', ' order by p.oid::regprocedure::text) as functions
  from ${GROUPS} join pg_proc p on p.proname ~ g.names and p.pronamespace = 'pg_catalog'::regnamespace
  where $1::boolean and has_function_privilege(session_user, p.oid, 'EXECUTE')
  group by g.object, g.problem) as r`;

/**
 * What remains to SQL that is injected under a login for tenants alone. No table's rows are reached through it, so
 * nothing is refused; whoever may, takes it away. Advisory locks are not among them: Stratum's own login takes some.
 */
export const RESIDUAL_CHECKS: readonly Check[] = [
  {
    check: "residual",
    object: "r.object",
    problem: "r.problem",
    statement: "format('revoke execute on function %s from public, %I', r.functions, session_user)",
    from: CALLED,
    hole: false,
  },
];
