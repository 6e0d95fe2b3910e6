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
   * A context is `key id (16).tenant (36).expiry in Unix seconds (10).scope.HMAC in hex (64)`. Nothing of
   * it is looked at before its HMAC is right, which is compared by its hash: how long that takes tells nothing.
   * By the transaction's start, so that a long transaction ends as what it began as.
   */
  private async createVerifier(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create function stratum.current_tenant_id() returns uuid
      language plpgsql stable parallel safe security definer
      set search_path = pg_catalog, pg_temp as $$
      declare
        context constant text := current_setting('stratum.context', true);
        ipad bytea;
        opad bytea;
        mac text;
        expires_at timestamptz;
      begin
        if context is null or context = '' then
          raise exception 'no tenant is in context' using errcode = 'ST001';
        end if;
        select k.inner_pad, k.outer_pad into ipad, opad
        from stratum.context_keys as k where k.key_id = left(context, 16);
        mac := encode(sha256(opad || sha256(ipad || convert_to(left(context, -65), 'UTF8'))), 'hex');
        if mac is null
           or sha256(opad || convert_to(mac, 'UTF8')) <> sha256(opad || convert_to(right(context, 64), 'UTF8'))
           or substr(context, 66) not like 'tenant.%' then
          raise exception 'the tenant context is not signed by a key of this database' using errcode = 'ST003';
        end if;
        expires_at := to_timestamp(substr(context, 55, 10)::double precision);
        if expires_at <= now() or expires_at > now() + interval '60 seconds' then
          raise exception 'the tenant context has expired, or expires too late' using errcode = 'ST002';
        end if;
        return substr(context, 18, 36)::uuid;
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
