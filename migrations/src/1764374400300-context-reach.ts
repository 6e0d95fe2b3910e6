import type { MigrationInterface, QueryRunner } from "typeorm";
import { asContextOwner } from "./context-owner";
import { irreversible } from "./irreversible";

/**
 * A context's scope is `tenant` or `subtree` (docs/adr/0042). Either way the tenant is its own, and the verifier
 * does not look at the scope, which is signed too: what a subtree is read by does.
 */
export class ContextReach1764374400300 implements MigrationInterface {
  readonly name = "ContextReach1764374400300";

  async up(runner: QueryRunner): Promise<void> {
    await asContextOwner(runner, () => this.replaceVerifier(runner));
  }

  /**
   * What is asked, and why, stands at the migration that made it: 1764374400000. Every statement of a tenant's
   * asks once: PostgreSQL prepares each expression anew in each transaction, so that there is one, of few calls,
   * for a context that holds; which refusal it is, is found out afterwards.
   */
  private async replaceVerifier(runner: QueryRunner): Promise<void> {
    const hash = (pad: string, message: string) =>
      `pg_catalog.sha256(pg_catalog.byteacat(${pad}, ${message}))`;
    const message = "pg_catalog.convert_to(pg_catalog.left(context, -64), 'UTF8')";
    const mac = `pg_catalog.encode(${hash("opad", hash("ipad", message))}, 'hex')`;
    const isSigned = `${mac} operator(pg_catalog.=) pg_catalog.right(context, 64)`;
    const seconds = `pg_catalog.substr(context, 55, 10)::pg_catalog.float8
      operator(pg_catalog.-) pg_catalog.date_part('epoch', pg_catalog.now())`;
    await runner.query(`
      create or replace function stratum.current_tenant_id() returns uuid
      language plpgsql stable parallel safe security definer set search_path = pg_catalog, pg_temp as $$
      declare
        context pg_catalog.text := pg_catalog.current_setting('stratum.context', true);
        ipad pg_catalog.bytea;
        opad pg_catalog.bytea;
      begin
        select k.inner_pad, k.outer_pad into ipad, opad from stratum.context_keys as k
        where k.key_id operator(pg_catalog.=) pg_catalog.left(context, 16);
        if (case when ${isSigned}
            then pg_catalog.abs((${seconds}) operator(pg_catalog.-) 30) operator(pg_catalog.<) 30 end) then
          return pg_catalog.substr(context, 18, 36)::pg_catalog.uuid;
        end if;
        raise exception 'the tenant context is missing, has expired or is not signed by a key of this database'
          using errcode = case
            when (pg_catalog.length(context) operator(pg_catalog.>) 0) is not true then 'ST001'
            when ${isSigned} then 'ST002'
            else 'ST003'
          end;
      end
      $$`);
  }

  down(): Promise<void> {
    return irreversible(this.name);
  }
}
