import type { MigrationInterface, QueryRunner } from "typeorm";
import { ensureGroupRole } from "./group-role";
import { irreversible } from "./irreversible";

/** Each function, and the role that may call it. */
const CALLERS: readonly (readonly [signature: string, caller: string])[] = [
  ["stratum.current_tenant_id()", "stratum_tenant"],
  ["stratum.install_context_key(text, bytea, bytea)", "stratum_maintenance"],
  ["stratum.retire_context_key(text)", "stratum_maintenance"],
];

/**
 * The signed tenant context (docs/adr/0030): setting `stratum.context` says for which tenant the
 * transaction runs, and `stratum.current_tenant_id()` believes it only with the right HMAC. What verifies
 * it stands in a table that nobody but the functions' owner can read, a role that nobody is a member of.
 */
export class SignedContext1764374400000 implements MigrationInterface {
  readonly name = "SignedContext1764374400000";

  async up(runner: QueryRunner): Promise<void> {
    await ensureGroupRole(runner, "stratum_context");
    await runner.query(`grant usage on schema stratum to stratum_tenant, stratum_context`);
    await this.createKeys(runner);
    await this.createVerifier(runner);
    await this.createRotation(runner);
    await this.handOver(runner);
  }

  /**
   * A key is kept as the two blocks that HMAC begins its hashes with (RFC 2104): XOR is done once. Whoever has
   * them can sign, so that row security without a policy keeps them from those who are granted all tables.
   */
  private async createKeys(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table stratum.context_keys (
        key_id text not null constraint context_keys_pkey primary key,
        inner_pad bytea not null,
        outer_pad bytea not null,
        installed_at timestamptz not null default now()
      )`);
    await runner.query(`alter table stratum.context_keys enable row level security`);
  }

  /**
   * A context is `key id (16).tenant (36).expiry in Unix seconds (10).tenant.HMAC in hex (64)`, 136 characters.
   * Nothing of it is looked at before its HMAC is right. By the transaction's start, so that a long
   * transaction ends as what it began as.
   *
   * Beside the fixed search path, every name and operator says its schema. One statement, with few calls in
   * it, since PostgreSQL prepares each of them anew in each transaction: its verdict is a SQLSTATE, or the
   * tenant's id.
   */
  private async createVerifier(runner: QueryRunner): Promise<void> {
    const hash = (pad: string, message: string) =>
      `pg_catalog.sha256(pg_catalog.byteacat(k.${pad}, ${message}))`;
    const message = "pg_catalog.convert_to(pg_catalog.left(c.context, -64), 'UTF8')";
    const mac = `pg_catalog.encode(${hash("outer_pad", hash("inner_pad", message))}, 'hex')`;
    const seconds = `pg_catalog.substr(c.context, 55, 10)::pg_catalog.float8
      operator(pg_catalog.-) pg_catalog.date_part('epoch', pg_catalog.now())`;
    await runner.query(`
      create function stratum.current_tenant_id() returns uuid
      language plpgsql stable parallel safe security definer set search_path = pg_catalog, pg_temp as $$
      declare
        verdict pg_catalog.text;
      begin
        select case
            when ${mac} operator(pg_catalog.<>) pg_catalog.right(c.context, 64) then 'ST003'
            when pg_catalog.octet_length(c.context) operator(pg_catalog.<>) 136 then 'ST003'
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

  /** Any number of keys verify at once, so that another one is installed before the old one goes. */
  private async createRotation(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create function stratum.install_context_key(id text, ipad bytea, opad bytea) returns void
      language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
      begin
        if id !~ '^[0-9a-f]{16}$' or length(ipad) <> 64 or length(opad) <> 64
           or id is null or ipad is null or opad is null then
          raise exception 'install_context_key takes 16 hex digits and two blocks of 64 bytes'
            using errcode = 'invalid_parameter_value';
        end if;
        insert into stratum.context_keys (key_id, inner_pad, outer_pad) values (id, ipad, opad)
        on conflict (key_id) do nothing;
      end
      $$`);
    await runner.query(`
      create function stratum.retire_context_key(id text) returns boolean
      language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
      begin
        delete from stratum.context_keys as k where k.key_id = id;
        return found;
      end
      $$`);
  }

  /** Who owns a function is who it runs as, so the migrating login gives them away, and the table. */
  private async handOver(runner: QueryRunner): Promise<void> {
    for (const [signature, caller] of CALLERS) {
      await runner.query(`revoke all on function ${signature} from public`);
      await runner.query(`grant execute on function ${signature} to ${caller}`);
    }
    const functions = CALLERS.map(
      ([signature]) => `alter function ${signature} owner to stratum_context;`,
    );
    await runner.query(`
      do $$
      declare
        migrating constant text := current_user;
        role_before constant text := current_setting('role');
        is_superuser boolean := (select rolsuper from pg_roles where rolname = current_user);
      begin
        if not is_superuser then
          execute format('grant stratum_context to %I with inherit false, set true', current_user);
          grant create on schema stratum to stratum_context;
        end if;
        ${functions.join("\n        ")}
        alter table stratum.context_keys owner to stratum_context;
        if not is_superuser then
          -- GRANT ON ALL TABLES passes over a table of which its caller may anything, else it fails.
          perform set_config('role', 'stratum_context', true);
          execute format('grant references on stratum.context_keys to %I', migrating);
          perform set_config('role', role_before, true);
          revoke create on schema stratum from stratum_context;
          execute format('revoke stratum_context from %I', current_user);
        end if;
      end
      $$`);
  }

  down(): Promise<void> {
    return irreversible(this.name);
  }
}
