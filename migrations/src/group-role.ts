import type { QueryRunner } from "typeorm";

/**
 * Creates a role that only stands for rights, where the server has none of that name. Roles belong to the
 * whole server: another database's migration may create it at the same moment, which shows as
 * duplicate_object or, when both commit together, as unique_violation.
 */
export async function ensureGroupRole(runner: QueryRunner, role: string): Promise<void> {
  await runner.query(`
    do $$
    begin
      if not exists (select from pg_roles where rolname = '${role}') then
        create role ${role} nologin nosuperuser nobypassrls;
      end if;
    exception when duplicate_object or unique_violation then
      null;
    end
    $$`);
  await runner.query(`
    do $$
    begin
      if exists (select from pg_roles where rolname = '${role}'
                   and (rolcanlogin or rolsuper or rolbypassrls)) then
        raise exception 'role ${role} has LOGIN, SUPERUSER or BYPASSRLS'
          using errcode = 'invalid_role_specification';
      end if;
    end
    $$`);
}
