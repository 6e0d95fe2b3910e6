import { POLICIES, PRINTED } from "../policies";
import type { Check } from "./check";

type Policy = keyof typeof POLICIES;

/** What a policy has to be, beside restrictive. */
interface Shape {
  /** `*`, `r`, `a`, `w` or `d`, as the catalogue has it. */
  readonly command: string;
  readonly role: string;
  readonly using: string | null;
  readonly check: string | null;
}

/** An expression of the catalogue against what it has to be; of its line breaks, none counts. */
function prints(column: string, wanted: string | null): string {
  const printed = `pg_get_expr(p.${column}, p.polrelid)`;
  if (wanted === null) return `${printed} is null`;
  return `regexp_replace(${printed}, '\\s+', ' ', 'g') = replace('${wanted}', '%s', quote_ident(t.relation))`;
}

/** The tables that lack the policy as it has to be. */
function lacking(policy: Policy, { command, role, using, check }: Shape): string {
  return `not exists (select from pg_policy p
    where p.polrelid = t.oid and p.polname = '${policy}' and p.polcmd = '${command}' and not p.polpermissive
      and p.polroles = array[(select oid from pg_roles where rolname = '${role}')]
      and ${prints("polqual", using)} and ${prints("polwithcheck", check)})`;
}

/** Drops a policy and makes it as `enableRls` does. */
function remake(policy: Policy): string {
  return `format('drop policy if exists ${policy} on %1$s; create policy ${policy} on %1$s ${POLICIES[policy]}', t.name)`;
}

const ISOLATION: Shape = {
  command: "*",
  role: "stratum_tenant",
  using: PRINTED.ownRows,
  check: PRINTED.ownRows,
};

const role = "stratum_subtree";

/** The role of roll-ups reads what the context reaches, and writes the tenant's own rows. */
const SUBTREE: readonly (readonly [Policy, Shape])[] = [
  ["stratum_subtree_select", { command: "r", role, using: PRINTED.readableRows, check: null }],
  ["stratum_subtree_insert", { command: "a", role, using: null, check: PRINTED.ownRows }],
  [
    "stratum_subtree_update",
    { command: "w", role, using: PRINTED.ownRows, check: PRINTED.ownRows },
  ],
  ["stratum_subtree_delete", { command: "d", role, using: PRINTED.ownRows, check: null }],
];

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
    from: `tenants t where ${lacking("stratum_isolation", ISOLATION)}`,
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
  ...SUBTREE.map(([policy, shape]): Check => ({
    check: "policy",
    object: "t.name",
    problem: `'policy ${policy} of roll-ups is missing, or not as enableRls makes it'`,
    statement: remake(policy),
    from: `tenants t join actors a on a.rolname = 'stratum_subtree'
        where has_table_privilege(a.oid, t.oid, 'SELECT, INSERT, UPDATE, DELETE') and ${lacking(policy, shape)}`,
  })),
];
