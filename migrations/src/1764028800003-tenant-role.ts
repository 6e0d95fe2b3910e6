import type { MigrationInterface, QueryRunner } from "typeorm";
import { irreversible } from "./irreversible";

/**
 * The role that statements in a tenant's context will run as. It may do nothing in schema stratum.
 * Roles belong to the whole server: another database's migration may create it at the same moment,
 * which shows as duplicate_object or, when both commit together, as unique_violation.
 */
export class TenantRole1764028800003 implements MigrationInterface {
  readonly name = "TenantRole1764028800003";

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      do $$
      begin
        if not exists (select from pg_roles where rolname = 'stratum_tenant') then
          create role stratum_tenant nologin nosuperuser nobypassrls;
        end if;
      exception when duplicate_object or unique_violation then
        null;
      end
      $$`);
    await runner.query(`
      do $$
      begin
        if exists (select from pg_roles where rolname = 'stratum_tenant'
                     and (rolcanlogin or rolsuper or rolbypassrls)) then
          raise exception 'role stratum_tenant has LOGIN, SUPERUSER or BYPASSRLS'
            using errcode = 'invalid_role_specification';
        end if;
      end
      $$`);
    await runner.query(`revoke all on schema stratum from public`);
    await runner.query(
      `alter default privileges in schema stratum revoke execute on functions from public`,
    );
  }

  down(): Promise<void> {
    return irreversible(this.name);
  }
}
