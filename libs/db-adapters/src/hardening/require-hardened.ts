import { TenantPoolUnsafeError, type TenantPoolProblem } from "@stratum-hq/core";
import type { ClientBase } from "pg";
import { ownRows } from "../pg/column-types";

/** What a tenant's statements can become: the login itself, by RESET ROLE, and the roles that it acts as. */
const NAMES = "(session_user, 'stratum_tenant', 'stratum_subtree')";
const ROLES = `(select oid, rolname from pg_roles where rolname in ${NAMES})`;

/**
 * Each row is something that injected SQL could use and must not be able to, with the statement that takes
 * it away. Names come out of PostgreSQL quoted.
 */
const CHECKS: readonly string[] = [
  `select format('%I has %s', rolname, attribute) as problem, format('alter role %I no%s', rolname, lower(attribute)) as statement
   from pg_roles cross join lateral (values ('SUPERUSER', rolsuper), ('BYPASSRLS', rolbypassrls),
     ('CREATEROLE', rolcreaterole), ('CREATEDB', rolcreatedb), ('REPLICATION', rolreplication)) as has(attribute, given)
   where rolname in ${NAMES} and given`,
  `select format('%I is no member of stratum_tenant that inherits and may set the role', session_user) as problem,
     format('grant stratum_tenant to %I with inherit true, set true', session_user) as statement
   where not pg_has_role(session_user, 'stratum_tenant', 'SET') or not pg_has_role(session_user, 'stratum_tenant', 'USAGE')`,
  `select format('%I is a member of %I', m.rolname, g.rolname) as problem, format('revoke %I from %I', g.rolname, m.rolname) as statement
   from pg_auth_members am join pg_roles m on m.oid = am.member join pg_roles g on g.oid = am.roleid
   where m.rolname in ${NAMES} and g.rolname <> 'stratum_tenant'
     and (m.rolname, g.rolname) <> ('stratum_tenant', 'stratum_subtree')`,
  `select format('%I owns %s', r.rolname, pg_describe_object(d.classid, d.objid, d.objsubid)) as problem,
     format('reassign owned by %I to another role', r.rolname) as statement
   from pg_shdepend d join ${ROLES} r on r.oid = d.refobjid
   where d.refclassid = 'pg_authid'::regclass and d.deptype = 'o'
     and d.dbid in (0, (select oid from pg_database where datname = current_database()))`,
  `select format('%I may create in database %I', r.rolname, current_database()) as problem,
     format('revoke create on database %I from public, %I', current_database(), r.rolname) as statement
   from ${ROLES} r where has_database_privilege(r.oid, current_database(), 'CREATE')`,
  `select format('%I may make temporary tables', r.rolname) as problem,
     format('revoke temporary on database %I from public, %I', current_database(), r.rolname) as statement
   from ${ROLES} r where has_database_privilege(r.oid, current_database(), 'TEMPORARY')`,
  `select format('%I may create in schema %I', r.rolname, n.nspname) as problem,
     format('revoke create on schema %I from public, %I', n.nspname, r.rolname) as statement
   from ${ROLES} r cross join pg_namespace n
   where n.nspname !~ '^pg_(toast|temp)' and has_schema_privilege(r.oid, n.oid, 'CREATE')`,
  `select format('%I may use %s', r.rolname, c.oid::regclass) as problem,
     format('revoke all on %s from public, %I', c.oid::regclass, r.rolname) as statement
   from ${ROLES} r cross join pg_class c
   where c.relnamespace = 'stratum'::regnamespace and c.relkind in ('r', 'p', 'v', 'm')
     and (r.rolname, c.relname) <> ('stratum_subtree', 'readable_tenants')
     and (has_any_column_privilege(r.oid, c.oid, 'SELECT, INSERT, UPDATE, REFERENCES')
       or has_table_privilege(r.oid, c.oid, 'DELETE, TRUNCATE, TRIGGER'))`,
  `select format('%I may call %s', r.rolname, p.oid::regprocedure) as problem,
     format('revoke execute on function %s from public, %I', p.oid::regprocedure, r.rolname) as statement
   from ${ROLES} r cross join pg_proc p
   where p.pronamespace = 'stratum'::regnamespace and p.proname <> 'current_tenant_id'
     and (r.rolname, p.proname) <> ('stratum_subtree', 'current_subtree')
     and has_function_privilege(r.oid, p.oid, 'EXECUTE')`,
];

type LoginProblem = TenantPoolProblem & { readonly login: string };

/** What the login of a session may more than a tenant, each with the statement that takes it away. */
export async function hardeningProblems(client: ClientBase): Promise<readonly LoginProblem[]> {
  return ownRows<LoginProblem>(
    client,
    `select distinct problem, statement, session_user as login from (${CHECKS.join(" union all ")}) as found
     order by problem, statement`,
  );
}

/**
 * Refuses a connection whose login may more than a tenant: then SQL injected into a tenant's statement can use
 * its own tenant's rows, and nothing else.
 *
 * @throws TenantPoolUnsafeError with each thing that does not hold, and the statement that mends it
 */
export async function requireHardened(client: ClientBase): Promise<void> {
  const problems = await hardeningProblems(client);
  const [first] = problems;
  if (first === undefined) return;
  throw new TenantPoolUnsafeError(
    first.login,
    problems.map(({ problem, statement }) => ({ problem, statement })),
  );
}
