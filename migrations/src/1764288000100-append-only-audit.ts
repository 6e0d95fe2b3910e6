import type { MigrationInterface, QueryRunner } from "typeorm";
import { ensureGroupRole } from "./group-role";
import { irreversible } from "./irreversible";

/**
 * Nobody changes or deletes audit rows, except through one function that retention and purge call
 * (docs/adr/0018). It runs as stratum_audit, a role that nobody is a member of and that may do nothing
 * else; the trigger lets that role's DELETE through and nothing more. Who may call it is a member of
 * stratum_maintenance: the login that migrates, and whom that one grants it to.
 * Beside that, indexes for the filters of the log.
 */
export class AppendOnlyAudit1764288000100 implements MigrationInterface {
  readonly name = "AppendOnlyAudit1764288000100";

  async up(runner: QueryRunner): Promise<void> {
    await ensureGroupRole(runner, "stratum_maintenance");
    await ensureGroupRole(runner, "stratum_audit");
    await runner.query(`grant usage on schema stratum to stratum_maintenance, stratum_audit`);
    await runner.query(`grant select, delete on stratum.audit_logs to stratum_audit`);
    await this.createTrigger(runner);
    await this.createErasure(runner);
    await this.handOver(runner);
    await this.createIndexes(runner);
  }

  /**
   * Each filter of the log has its index, in the order of the pages; those of a tenant have one already, and
   * tenants as resources are left out: they stand in their own logs, and a move writes ten thousand of them.
   */
  private async createIndexes(runner: QueryRunner): Promise<void> {
    for (const [name, columns, where] of [
      ["actor", "actor_id, id", ""],
      ["action", "action, id", ""],
      ["resource", "resource_type, resource_id, id", "where resource_type <> 'tenant'"],
      ["request", "request_id, id", "where request_id is not null"],
      ["source", "source_ip, id", "where source_ip is not null"],
    ]) {
      await runner.query(
        `create index audit_logs_${name}_idx on stratum.audit_logs (${columns}) ${where}`,
      );
    }
  }

  private async createTrigger(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create function stratum.keep_audit_logs() returns trigger
      language plpgsql set search_path = pg_catalog, pg_temp as $$
      begin
        if tg_op = 'DELETE' and current_user = 'stratum_audit' then
          return null;
        end if;
        raise exception 'stratum.audit_logs is append-only: % is refused', tg_op
          using errcode = 'insufficient_privilege',
                hint = 'Retention and purge take rows away through stratum.erase_audit_logs.';
      end
      $$`);
    await runner.query(`revoke all on function stratum.keep_audit_logs() from public`);
    await runner.query(`
      create trigger audit_logs_append_only
      before update or delete or truncate on stratum.audit_logs
      for each statement execute function stratum.keep_audit_logs()`);
    // Also under session_replication_role = replica, which would skip it otherwise.
    await runner.query(
      `alter table stratum.audit_logs enable always trigger audit_logs_append_only`,
    );
  }

  /** Ids begin with the time (docs/adr/0009), so that the index of ids finds what is old. */
  private async createErasure(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create function stratum.erase_audit_logs(
        of_tenants uuid[], before timestamptz, at_most integer)
      returns table (tenant_id uuid, deleted integer)
      language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
      #variable_conflict use_column
      declare
        upper_bound uuid := 'ffffffff-ffff-ffff-ffff-ffffffffffff';
      begin
        if at_most is null or at_most not between 1 and 10000
           or cardinality(of_tenants) not between 1 and 10000
           or array_position(of_tenants, null) is not null
           or before > now()
           or (of_tenants is null
               and (before is null or before > now() - interval '1 day')) then
          raise exception 'erase_audit_logs takes 1 to 10000 tenants, a time that has passed (for the '
            'log of the platform, of_tenants null, one a day ago) and 1 to 10000 rows'
            using errcode = 'invalid_parameter_value';
        end if;
        if before is not null then
          upper_bound := (lpad(to_hex(floor(extract(epoch from before) * 1000)::bigint), 12, '0')
            || '70008000000000000000')::uuid;
        end if;
        return query
          with old as (
            select id from stratum.audit_logs as a
            where a.tenant_id = any(of_tenants) and a.id < upper_bound
            order by a.tenant_id, a.id limit at_most),
          old_of_platform as (
            select id from stratum.audit_logs as a
            where of_tenants is null and a.tenant_id is null and a.id < upper_bound
            order by a.id limit at_most),
          gone as (
            delete from stratum.audit_logs as a
            where a.id in (select id from old union all select id from old_of_platform)
            returning a.tenant_id)
          select gone.tenant_id, count(*)::integer from gone group by gone.tenant_id;
      end
      $$`);
  }

  /** Who owns the function is who it runs as, so the migrating login gives it away. */
  private async handOver(runner: QueryRunner): Promise<void> {
    const signature = "stratum.erase_audit_logs(uuid[], timestamptz, integer)";
    await runner.query(`revoke all on function ${signature} from public`);
    await runner.query(`grant execute on function ${signature} to stratum_maintenance`);
    await runner.query(`
      do $$
      declare
        is_superuser boolean := (select rolsuper from pg_roles where rolname = current_user);
      begin
        if not pg_has_role(current_user, 'stratum_maintenance', 'SET') then
          execute format(
            'grant stratum_maintenance to %I with inherit false, set true', current_user);
        end if;
        if not is_superuser then
          execute format('grant stratum_audit to %I with inherit false, set true', current_user);
          grant create on schema stratum to stratum_audit;
        end if;
        alter function ${signature} owner to stratum_audit;
        if not is_superuser then
          revoke create on schema stratum from stratum_audit;
          execute format('revoke stratum_audit from %I', current_user);
        end if;
      end
      $$`);
  }

  down(): Promise<void> {
    return irreversible(this.name);
  }
}
