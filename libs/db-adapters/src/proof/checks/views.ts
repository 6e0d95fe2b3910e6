import type { Check } from "./check";

/** What shows rows with the rights of its owner, for whom the policies do not hold as for a tenant. */
export const VIEW_CHECKS: readonly Check[] = [
  {
    check: "view",
    object: "v.name",
    problem: "'it shows tenants'' rows as its owner sees them: it has no security_invoker'",
    statement: "format('alter view %s set (security_invoker = true)', v.name)",
    from: "shows v where v.relkind = 'v'",
  },
  {
    check: "materialized view",
    object: "v.name",
    problem: "'it keeps rows of all tenants, and can have no policies'",
    statement:
      "format('revoke all on %s from public, %s', v.name, (select string_agg(quote_ident(rolname), ', ') from actors))",
    from: "shows v where v.relkind = 'm'",
  },
  {
    check: "rule",
    object: "t.name",
    problem: "format('rule %I acts with the rights of the table''s owner', r.rulename)",
    statement: "format('drop rule %I on %s', r.rulename, t.name)",
    from: "tenants t join pg_rewrite r on r.ev_class = t.oid",
  },
];
