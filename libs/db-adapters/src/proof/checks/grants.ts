import { reaches, type Check } from "./check";

const REVOKE_ALL = "format('revoke all on %s from public, %I', t.name, a.rolname)";

/** What a tenants' role may that row security does not see, and who owns what. */
export const GRANT_CHECKS: readonly Check[] = [
  {
    check: "grant",
    object: "t.name",
    problem:
      "format('%I may TRUNCATE it, refer to it or put triggers on it, past row-level security', a.rolname)",
    statement:
      "format('revoke truncate, references, trigger on %s from public, %I', t.name, a.rolname)",
    from: `tenants t cross join actors a where not pg_has_role(a.oid, t.relowner, 'MEMBER')
      and (has_table_privilege(a.oid, t.oid, 'TRUNCATE, TRIGGER') or has_any_column_privilege(a.oid, t.oid, 'REFERENCES'))`,
  },
  {
    check: "owner",
    object: "t.name",
    problem: "format('%I owns it, and can take its policies away', a.rolname)",
    statement:
      "format('alter table %s owner to %I', t.name, (select datdba::regrole::text from pg_database where datname = current_database()))",
    from: "columned t join actors a on pg_has_role(a.oid, t.relowner, 'MEMBER')",
  },
  {
    check: "schema",
    object: "quote_ident(n.nspname)",
    problem:
      "format('%I may create in schema %I: functions and operators that shadow others', a.rolname, n.nspname)",
    statement: "format('revoke create on schema %I from public, %I', n.nspname, a.rolname)",
    from: `pg_namespace n cross join actors a
      where n.nspname !~ '^pg_(toast|temp)' and has_schema_privilege(a.oid, n.oid, 'CREATE')`,
  },
  {
    check: "default privileges",
    object: "coalesce(quote_ident(n.nspname), 'all schemas')",
    problem: `format('tables that %I makes are granted to %s, before they have policies', o.rolname, to_whom.name)`,
    statement: `format('alter default privileges for role %I%s revoke all on tables from %s', o.rolname,
      ' in schema ' || quote_ident(n.nspname), to_whom.name)`,
    from: `pg_default_acl d join pg_roles o on o.oid = d.defaclrole left join pg_namespace n on n.oid = d.defaclnamespace
      cross join lateral (select distinct case x.grantee when 0 then 'public' else x.grantee::regrole::text end as name
        from aclexplode(d.defaclacl) x where x.grantee = 0 or x.grantee in (select oid from actors)) as to_whom
      where d.defaclobjtype = 'r'`,
  },
  {
    check: "unprotected",
    object: "t.name",
    problem: `format('%I reaches it, and it has tenant_id and no policy: pass it to enableRls, or close it', a.rolname)`,
    statement: REVOKE_ALL,
    from: `columned t cross join actors a
      where t.reached and not t.is_child and t.relkind <> 'f' and t.oid not in (select oid from tenants)
        and not pg_has_role(a.oid, t.relowner, 'MEMBER')`,
  },
  {
    check: "partition",
    object: "t.name",
    problem:
      "format('%I reaches this part of a table directly, where the policies of the whole do not hold', a.rolname)",
    statement: REVOKE_ALL,
    from: `columned t cross join actors a where t.reached and t.is_child and t.oid not in (select oid from tenants)`,
  },
  {
    check: "inheritance",
    object: "t.name",
    problem:
      "format('%I reads the rows of tenants through this parent, whose policies are not theirs', a.rolname)",
    statement: REVOKE_ALL,
    from: `(select distinct p.oid, format('%I.%I', n.nspname, p.relname) as name from tenants child
        join pg_inherits i on i.inhrelid = child.oid join pg_class p on p.oid = i.inhparent
        join pg_namespace n on n.oid = p.relnamespace
        where p.oid not in (select oid from columned) and ${reaches("p.oid", "n.oid")}) as t cross join actors a`,
  },
  {
    check: "foreign table",
    object: "t.name",
    problem:
      "format('%I reaches a foreign table with tenant_id, which can have no policies', a.rolname)",
    statement: REVOKE_ALL,
    from: "columned t cross join actors a where t.reached and t.relkind = 'f'",
  },
];
