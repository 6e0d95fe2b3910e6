import type { MigrationInterface, QueryRunner } from "typeorm";
import { irreversible } from "./irreversible";

/**
 * Permissions: at most one policy for each tenant and key, and the keys that a tenant may not be granted.
 * `banned_by` is the tenant that bound who made the ban, null for the platform: a ban is lifted by that
 * level or one above.
 */
export class Permissions1764115200000 implements MigrationInterface {
  readonly name = "Permissions1764115200000";

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table stratum.permission_policies (
        id uuid not null constraint permission_policies_pkey primary key,
        tenant_id uuid not null constraint permission_policies_tenant_fkey
          references stratum.tenants (id) on delete cascade,
        key text collate "C" not null,
        value jsonb not null default 'true',
        mode text not null default 'INHERITED',
        revocation_mode text not null default 'CASCADE',
        version integer not null default 1,
        created_at timestamptz not null default now(),
        updated_at timestamptz not null default now(),
        constraint permission_policies_key_key unique (tenant_id, key),
        constraint permission_policies_key_check check (
          key ~ '^[A-Za-z0-9._:-]+$' and char_length(key) <= 255),
        constraint permission_policies_mode_check check (
          mode in ('LOCKED', 'INHERITED', 'DELEGATED')),
        constraint permission_policies_revocation_mode_check check (
          revocation_mode in ('CASCADE', 'SOFT', 'PERMANENT'))
      )`);
    await runner.query(`
      create table stratum.permission_bans (
        tenant_id uuid not null constraint permission_bans_tenant_fkey
          references stratum.tenants (id) on delete cascade,
        key text collate "C" not null,
        banned_by uuid,
        created_at timestamptz not null default now(),
        constraint permission_bans_pkey primary key (tenant_id, key),
        constraint permission_bans_key_check check (
          key ~ '^[A-Za-z0-9._:-]+$' and char_length(key) <= 255)
      )`);
  }

  down(): Promise<void> {
    return irreversible(this.name);
  }
}
