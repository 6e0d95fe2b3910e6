import type { MigrationInterface, QueryRunner } from "typeorm";
import { irreversible } from "./irreversible";

/**
 * Regions, where tenants' data lives. `database_url` is a ciphertext under the platform's data key: it
 * has a password in it. A region with tenants stays: theirs is a foreign key without an action.
 */
export class Regions1764288000300 implements MigrationInterface {
  readonly name = "Regions1764288000300";

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table stratum.regions (
        id uuid not null constraint regions_pkey primary key,
        display_name text not null,
        slug text collate "C" not null constraint regions_slug_key unique,
        control_plane_url text,
        database_url text,
        is_primary boolean not null default false,
        status text not null default 'active',
        metadata jsonb not null default '{}',
        version integer not null default 1,
        created_at timestamptz not null default now(),
        updated_at timestamptz not null default now(),
        constraint regions_display_name_check check (char_length(display_name) between 1 and 255),
        constraint regions_slug_check check (
          slug ~ '^[a-z][a-z0-9_]*$' and char_length(slug) <= 63),
        constraint regions_database_url_check check (database_url like 'v1.%'),
        constraint regions_status_check check (status in ('active', 'draining', 'inactive')),
        constraint regions_metadata_check check (jsonb_typeof(metadata) = 'object')
      )`);
    await runner.query(
      `create unique index regions_primary_key on stratum.regions (is_primary) where is_primary`,
    );
    await runner.query(`
      alter table stratum.tenants add column region_id uuid
        constraint tenants_region_fkey references stratum.regions (id)`);
    await runner.query(`
      create index tenants_region_idx on stratum.tenants (region_id) where region_id is not null`);
  }

  down(): Promise<void> {
    return irreversible(this.name);
  }
}
