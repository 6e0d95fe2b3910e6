import type { MigrationInterface, QueryRunner } from "typeorm";
import { irreversible } from "./irreversible";

/**
 * Configuration: at most one entry for each tenant and key. Lengths are counted apart from the pattern:
 * a bounded repetition costs twenty times as much, in each row and update.
 * Entries are updated often: the room left in their pages keeps updates out of the index.
 */
export class ConfigEntries1764028800001 implements MigrationInterface {
  readonly name = "ConfigEntries1764028800001";

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table stratum.config_entries (
        tenant_id uuid not null constraint config_entries_tenant_fkey
          references stratum.tenants (id) on delete cascade,
        key text collate "C" not null,
        value jsonb not null,
        locked boolean not null default false,
        sensitive boolean not null default false,
        version integer not null default 1,
        created_at timestamptz not null default now(),
        updated_at timestamptz not null default now(),
        constraint config_entries_pkey primary key (tenant_id, key),
        constraint config_entries_key_check check (
          key ~ '^[A-Za-z0-9._:-]+$' and char_length(key) <= 255)
      ) with (fillfactor = 80)`);
  }

  down(): Promise<void> {
    return irreversible(this.name);
  }
}
