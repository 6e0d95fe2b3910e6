import type { MigrationInterface, QueryRunner } from "typeorm";
import { ensureGroupRole } from "./group-role";
import { irreversible } from "./irreversible";

/**
 * What only a tenant's own database has, and has first: nobody connects to it, or makes temporary tables in
 * it, but its owner and who acts as a tenant. On the server of a region the roles may not be there yet.
 */
export class TenantDatabase1764028799000 implements MigrationInterface {
  readonly name = "TenantDatabase1764028799000";

  async up(runner: QueryRunner): Promise<void> {
    for (const role of ["stratum_tenant", "stratum_maintenance"]) {
      await ensureGroupRole(runner, role);
    }
    await runner.query(`
      do $$
      begin
        execute format('revoke connect, temporary on database %I from public', current_database());
        execute format('grant connect on database %I to stratum_tenant', current_database());
      end
      $$`);
    await runner.query(`revoke create on schema public from public`);
    await runner.query(`grant usage on schema stratum to stratum_maintenance`);
    await this.joinRoles(runner);
  }

  /** Who made a role may hand it on, also to itself, so that it can act as one. */
  private async joinRoles(runner: QueryRunner): Promise<void> {
    await runner.query(`
      do $$
      declare
        joined text;
      begin
        foreach joined in array array['stratum_tenant', 'stratum_maintenance'] loop
          if not pg_has_role(current_user, joined, 'SET')
             and pg_has_role(current_user, joined, 'MEMBER WITH ADMIN OPTION') then
            execute format('grant %I to %I with inherit false, set true', joined, current_user);
          end if;
        end loop;
      end
      $$`);
  }

  down(): Promise<void> {
    return irreversible(this.name);
  }
}
