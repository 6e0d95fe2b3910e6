import type { MigrationInterface, QueryRunner } from "typeorm";
import { irreversible } from "./irreversible";

/**
 * Roles, who has them, and API keys. A key is kept as an HMAC under a pepper; `platform_secrets` holds
 * the pepper of deployments that configure none. A key's role is no foreign key: keys that have ended
 * keep it as history, and one whose role is gone has no scopes at all, rather than its own, wider ones.
 */
export class RolesAndKeys1764201600000 implements MigrationInterface {
  readonly name = "RolesAndKeys1764201600000";

  async up(runner: QueryRunner): Promise<void> {
    await this.createRoles(runner);
    await this.createKeys(runner);
    await runner.query(`
      create table stratum.platform_secrets (
        name text not null constraint platform_secrets_pkey primary key,
        value bytea not null,
        created_at timestamptz not null default now()
      )`);
  }

  private async createRoles(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table stratum.roles (
        id uuid not null constraint roles_pkey primary key,
        tenant_id uuid constraint roles_tenant_fkey
          references stratum.tenants (id) on delete cascade,
        name text not null,
        description text,
        scopes text[] not null,
        version integer not null default 1,
        created_at timestamptz not null default now(),
        updated_at timestamptz not null default now(),
        constraint roles_name_check check (char_length(name) between 1 and 100)
      )`);
    await runner.query(`
      create unique index roles_name_key on stratum.roles (tenant_id, name)
      where tenant_id is not null`);
    await runner.query(`
      create unique index roles_global_name_key on stratum.roles (name) where tenant_id is null`);
    await runner.query(`
      create table stratum.principal_roles (
        id uuid not null constraint principal_roles_pkey primary key,
        principal_type text not null,
        principal_id text not null,
        tenant_id uuid constraint principal_roles_tenant_fkey
          references stratum.tenants (id) on delete cascade,
        role_id uuid not null constraint principal_roles_role_fkey
          references stratum.roles (id) on delete cascade,
        assigned_at timestamptz not null default now(),
        constraint principal_roles_type_check check (
          principal_type ~ '^[a-z][a-z0-9_-]*$' and char_length(principal_type) <= 63),
        constraint principal_roles_principal_check check (
          char_length(principal_id) between 1 and 255)
      )`);
    await runner.query(`
      create unique index principal_roles_tenant_key on stratum.principal_roles
        (principal_type, principal_id, tenant_id) where tenant_id is not null`);
    await runner.query(`
      create unique index principal_roles_platform_key on stratum.principal_roles
        (principal_type, principal_id) where tenant_id is null`);
    await runner.query(
      `create index principal_roles_role_idx on stratum.principal_roles (role_id)`,
    );
  }

  private async createKeys(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table stratum.api_keys (
        id uuid not null constraint api_keys_pkey primary key,
        tenant_id uuid constraint api_keys_tenant_fkey
          references stratum.tenants (id) on delete cascade,
        name text,
        key_prefix text not null,
        key_hint text not null,
        key_hash bytea not null constraint api_keys_hash_key unique,
        scopes text[] not null,
        role_id uuid,
        rate_limit_max integer,
        rate_limit_window integer,
        expires_at timestamptz,
        last_used_at timestamptz,
        revoked_at timestamptz,
        replaced_by uuid,
        created_at timestamptz not null default now(),
        constraint api_keys_name_check check (char_length(name) between 1 and 255),
        constraint api_keys_hash_check check (octet_length(key_hash) = 32),
        constraint api_keys_rate_limit_check check (
          rate_limit_max > 0 and rate_limit_window > 0)
      )`);
    await runner.query(`create index api_keys_tenant_idx on stratum.api_keys (tenant_id, id)`);
    await runner.query(`
      create index api_keys_role_idx on stratum.api_keys (role_id) where role_id is not null`);
  }

  down(): Promise<void> {
    return irreversible(this.name);
  }
}
