import type { MigrationInterface, QueryRunner } from "typeorm";
import { irreversible } from "./irreversible";

/**
 * Data keys, wrapped under a master key that the database never sees: versions of one for each tenant,
 * and of one for the platform. `uses` counts encryptions, since a nonce of 96 random bits is safe for 2^32 of
 * them (NIST SP 800-38D, 8.3). Keys go with their tenant, and its ciphertexts are then unreadable.
 * A sensitive value is a ciphertext: the database refuses any other.
 */
export class Encryption1764288000400 implements MigrationInterface {
  readonly name = "Encryption1764288000400";

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table stratum.tenant_keys (
        id uuid not null constraint tenant_keys_pkey primary key,
        tenant_id uuid constraint tenant_keys_tenant_fkey
          references stratum.tenants (id) on delete cascade,
        version integer not null,
        master_key_id text not null,
        wrapped text not null,
        uses bigint not null default 0,
        created_at timestamptz not null default now(),
        constraint tenant_keys_version_check check (version > 0),
        constraint tenant_keys_uses_check check (uses between 0 and 4294967296)
      ) with (fillfactor = 80)`);
    await runner.query(`
      create unique index tenant_keys_version_key on stratum.tenant_keys (tenant_id, version)
      where tenant_id is not null`);
    await runner.query(`
      create unique index tenant_keys_platform_version_key on stratum.tenant_keys (version)
      where tenant_id is null`);
    await runner.query(`
      alter table stratum.config_entries add constraint config_entries_sealed_check check (
        not sensitive or (jsonb_typeof(value) = 'string' and value #>> '{}' like 'v1.%'))`);
  }

  down(): Promise<void> {
    return irreversible(this.name);
  }
}
