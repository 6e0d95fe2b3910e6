import type { MigrationInterface, QueryRunner } from "typeorm";
import { asContextOwner } from "./context-owner";
import { ensureGroupRole } from "./group-role";
import { irreversible } from "./irreversible";

/**
 * What a tenant's roll-up reads by (docs/adr/0042): role stratum_subtree, which who acts as a tenant can
 * become, and whose policies ask the view of tenants that the signed context reaches. Under a context of scope
 * `tenant` the view refuses, so that becoming the role gains nothing.
 */
export class SubtreeReads1764374400310 implements MigrationInterface {
  readonly name = "SubtreeReads1764374400310";

  async up(runner: QueryRunner): Promise<void> {
    await ensureGroupRole(runner, "stratum_subtree");
    await this.letTenantsBecomeIt(runner);
    await runner.query(`grant usage on schema stratum to stratum_subtree`);
    await runner.query(`grant select (id, path, status) on stratum.tenants to stratum_context`);
    await runner.query(
      `create index tenants_apart_idx on stratum.tenants (path) where isolation_strategy <> 'SHARED_RLS'`,
    );
    await asContextOwner(runner, async () => {
      await runner.query(
        `grant execute on function stratum.current_tenant_id() to stratum_subtree`,
      );
      await this.createPath(runner);
      await this.createView(runner);
    });
  }

  /** Not by inheritance: the policies of the one role are not the other's. */
  private async letTenantsBecomeIt(runner: QueryRunner): Promise<void> {
    await runner.query(`
      do $$
      begin
        if not pg_has_role('stratum_tenant', 'stratum_subtree', 'SET') then
          grant stratum_subtree to stratum_tenant with inherit false, set true;
        end if;
      exception when unique_violation then
        -- Another database's migration did it at the same moment.
        null;
      end
      $$`);
  }

  private async createPath(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create function stratum.current_subtree() returns ltree
      language plpgsql stable parallel safe security definer set search_path = pg_catalog, pg_temp as $$
      declare
        tenant constant pg_catalog.uuid := stratum.current_tenant_id();
      begin
        if pg_catalog.substr(pg_catalog.current_setting('stratum.context', true), 66, 8)
           operator(pg_catalog.<>) 'subtree.' then
          raise exception 'the tenant context does not reach below its tenant' using errcode = 'ST003';
        end if;
        return (select t.path from stratum.tenants as t where t.id operator(pg_catalog.=) tenant);
      end
      $$`);
    await runner.query(`revoke all on function stratum.current_subtree() from public`);
    await runner.query(`grant execute on function stratum.current_subtree() to stratum_subtree`);
    await runner.query(`alter function stratum.current_subtree() owner to stratum_context`);
  }

  /**
   * Those that have rows: one that is being provisioned has none yet, of one being purged some are gone. No
   * function of a reader's own is called with an id that the view does not show.
   */
  private async createView(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create view stratum.readable_tenants with (security_barrier) as
        select t.id from stratum.tenants as t
        where t.path <@ (select stratum.current_subtree()) and t.status in ('active', 'suspended', 'archived')`);
    await runner.query(`grant select on stratum.readable_tenants to stratum_subtree`);
    await runner.query(`alter view stratum.readable_tenants owner to stratum_context`);
    // GRANT ON ALL TABLES passes over a view of which its caller may anything, else it fails.
    await runner.query(`
      do $$ begin execute format('grant references on stratum.readable_tenants to %I', current_user); end $$`);
  }

  down(): Promise<void> {
    return irreversible(this.name);
  }
}
