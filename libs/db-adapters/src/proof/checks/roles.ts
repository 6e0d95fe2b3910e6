import type { Check } from "./check";

const OURS = "('stratum_tenant', 'stratum_subtree', 'stratum_maintenance', 'stratum_context')";

const ATTRIBUTES = `pg_roles r cross join lateral (values ('LOGIN', r.rolcanlogin), ('SUPERUSER', r.rolsuper),
  ('BYPASSRLS', r.rolbypassrls), ('CREATEROLE', r.rolcreaterole), ('CREATEDB', r.rolcreatedb),
  ('REPLICATION', r.rolreplication)) as has(attribute, given)
  where r.rolname in ${OURS} and has.given`;

const MEMBERSHIPS = `pg_auth_members m join pg_roles r on r.oid = m.member
  join pg_roles g on g.oid = m.roleid join pg_roles by on by.oid = m.grantor`;

const REVOKE = "format('revoke %I from %I granted by %I', g.rolname, r.rolname, by.rolname)";

/** The roles of the server: what Stratum's are, and who can become them. */
export const ROLE_CHECKS: readonly Check[] = [
  {
    check: "role",
    object: "quote_ident(r.rolname)",
    problem: "format('role %I has %s', r.rolname, has.attribute)",
    statement: "format('alter role %I no%s', r.rolname, lower(has.attribute))",
    from: ATTRIBUTES,
  },
  {
    check: "membership",
    object: "quote_ident(r.rolname)",
    problem:
      "format('%I is a member of %I, so that each tenant may what that role may', r.rolname, g.rolname)",
    statement: REVOKE,
    from: `${MEMBERSHIPS} where r.rolname in ('stratum_tenant', 'stratum_subtree')
      and ((r.rolname, g.rolname) <> ('stratum_tenant', 'stratum_subtree') or m.inherit_option or m.admin_option)`,
  },
  {
    check: "membership",
    object: "quote_ident(r.rolname)",
    problem:
      "format('%I can act as %I, which reads the keys that contexts are signed with', r.rolname, g.rolname)",
    statement: REVOKE,
    from: `${MEMBERSHIPS} where g.rolname = 'stratum_context' and (m.inherit_option or m.set_option)`,
  },
];
