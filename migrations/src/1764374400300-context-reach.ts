import type { MigrationInterface, QueryRunner } from "typeorm";
import { asContextOwner } from "./context-owner";
import { irreversible } from "./irreversible";

/**
 * A context's scope is `tenant` or `subtree` (docs/adr/0042), which makes it 136 or 137 characters long; any
 * other is refused. Either way the tenant is its own: what a subtree is read by asks more than this function.
 */
export class ContextReach1764374400300 implements MigrationInterface {
  readonly name = "ContextReach1764374400300";

  async up(runner: QueryRunner): Promise<void> {
    await asContextOwner(runner, () => this.replaceVerifier(runner));
  }

  /** What is in it, and why, stands at the migration that made it: 1764374400000. */
  private async replaceVerifier(runner: QueryRunner): Promise<void> {
    const hash = (pad: string, message: string) =>
      `pg_catalog.sha256(pg_catalog.byteacat(k.${pad}, ${message}))`;
    const message = "pg_catalog.convert_to(pg_catalog.left(c.context, -64), 'UTF8')";
    const mac = `pg_catalog.encode(${hash("outer_pad", hash("inner_pad", message))}, 'hex')`;
    const seconds = `pg_catalog.substr(c.context, 55, 10)::pg_catalog.float8
      operator(pg_catalog.-) pg_catalog.date_part('epoch', pg_catalog.now())`;
    await runner.query(`
      create or replace function stratum.current_tenant_id() returns uuid
      language plpgsql stable parallel safe security definer set search_path = pg_catalog, pg_temp as $$
      declare
        verdict pg_catalog.text;
      begin
        select case
            when ${mac} operator(pg_catalog.<>) pg_catalog.right(c.context, 64) then 'ST003'
            when case pg_catalog.octet_length(c.context)
                when 136 then false
                when 137 then pg_catalog.substr(c.context, 66, 8) operator(pg_catalog.<>) 'subtree.'
                else true
              end then 'ST003'
            when pg_catalog.abs((${seconds}) operator(pg_catalog.-) 30) operator(pg_catalog.>=) 30 then 'ST002'
            else pg_catalog.substr(c.context, 18, 36)
          end into verdict
        from (select pg_catalog.current_setting('stratum.context', true) as context) as c, stratum.context_keys as k
        where k.key_id operator(pg_catalog.=) pg_catalog.left(c.context, 16);
        if pg_catalog.length(verdict) operator(pg_catalog.>) 5 then
          return verdict::pg_catalog.uuid;
        end if;
        if verdict is null then
          verdict := case
            when pg_catalog.length(pg_catalog.current_setting('stratum.context', true)) operator(pg_catalog.>) 0 then 'ST003'
            else 'ST001' end;
        end if;
        raise exception 'the tenant context is missing, has expired or is not signed by a key of this database'
          using errcode = verdict;
      end
      $$`);
  }

  down(): Promise<void> {
    return irreversible(this.name);
  }
}
