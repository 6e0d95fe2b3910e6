import { POLICIES } from "../../rls/table-ddl";
import type { Check } from "./check";

/** The condition of `enableRls`, as PostgreSQL prints it where pg_catalog alone is on the search path. */
const OWN_ROWS = "(tenant_id = ( SELECT stratum.current_tenant_id() AS current_tenant_id))";

const IS_INTACT = `p.polcmd = '*' and not p.polpermissive
  and p.polroles = array[(select oid from pg_roles where rolname = 'stratum_tenant')]
  and pg_get_expr(p.polqual, p.polrelid) = '${OWN_ROWS}' and pg_get_expr(p.polwithcheck, p.polrelid) = '${OWN_ROWS}'`;

/** Drops a policy and makes it as `enableRls` does. */
function remake(policy: keyof typeof POLICIES): string {
  return `format('drop policy if exists ${policy} on %1$s; create policy ${policy} on %1$s ${POLICIES[policy]}', t.name)`;
}

/** Row security of the tables that hold tenants' rows. */
export const POLICY_CHECKS: readonly Check[] = [
  {
    check: "row security",
    object: "t.name",
    problem: "'row-level security is off'",
    statement: "format('alter table %s enable row level security', t.name)",
    from: "tenants t where not t.relrowsecurity",
  },
  {
    check: "force",
    object: "t.name",
    problem: "'row-level security is not forced: it does not hold for the owner'",
    statement: "format('alter table %s force row level security', t.name)",
    from: "tenants t where not t.relforcerowsecurity",
  },
  {
    check: "policy",
    object: "t.name",
    problem: `'policy stratum_isolation is missing, or not as enableRls makes it: restrictive, for all commands of ' ||
      'stratum_tenant, USING and WITH CHECK the rows of the tenant in context'`,
    statement: remake("stratum_isolation"),
    from: `tenants t where not exists (select from pg_policy p
      where p.polrelid = t.oid and p.polname = 'stratum_isolation' and ${IS_INTACT})`,
  },
  {
    check: "policy",
    object: "t.name",
    problem: "'policy stratum_access is missing, so that no tenant sees its own rows'",
    statement: remake("stratum_access"),
    from: `tenants t where not exists (select from pg_policy p where p.polrelid = t.oid and p.polname = 'stratum_access')
      and not t.relispartition`,
    hole: false,
  },
];
