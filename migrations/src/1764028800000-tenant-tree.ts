import type { MigrationInterface, QueryRunner } from "typeorm";
import { irreversible } from "./irreversible";

/**
 * The tree of tenants. The database states what a single row can violate: a path that ends in the
 * tenant's own id, whose label before is the parent's id, of at most 20 levels. That the parent's own
 * path is the prefix is kept by the locks of the tenancy feature, and a deferred foreign key for it
 * was measured at more than three times the cost of a move.
 */
export class TenantTree1764028800000 implements MigrationInterface {
  readonly name = "TenantTree1764028800000";

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table stratum.tenants (
        id uuid constraint tenants_pkey primary key,
        parent_id uuid constraint tenants_parent_fkey references stratum.tenants (id),
        path ltree not null,
        depth integer not null generated always as (nlevel(path) - 1) stored,
        root_id uuid not null
          generated always as (ltree2text(subpath(path, 0, 1))::uuid) stored,
        name text not null,
        slug text collate "C" not null,
        external_id text,
        metadata jsonb not null default '{}',
        isolation_strategy text not null default 'SHARED_RLS',
        status text not null default 'active',
        status_reason text,
        suspension_id uuid,
        suspended_by uuid,
        archival_id uuid,
        archived_by uuid,
        sort_order integer not null default 0,
        version integer not null default 1,
        deleted_at timestamptz,
        created_at timestamptz not null default now(),
        updated_at timestamptz not null default now(),
        constraint tenants_slug_key unique (slug),
        constraint tenants_name_check check (char_length(name) between 1 and 255),
        constraint tenants_slug_check check (
          slug ~ '^[a-z][a-z0-9_]*$' and char_length(slug) <= 63),
        constraint tenants_external_id_check check (char_length(external_id) between 1 and 255),
        constraint tenants_metadata_check check (jsonb_typeof(metadata) = 'object'),
        constraint tenants_isolation_strategy_check check (
          isolation_strategy in ('SHARED_RLS', 'SCHEMA_PER_TENANT', 'DB_PER_TENANT')),
        constraint tenants_status_check check (
          status in ('provisioning', 'active', 'suspended', 'archived', 'purging')),
        constraint tenants_sort_order_check check (sort_order >= 0),
        constraint tenants_depth_check check (nlevel(path) between 1 and 20),
        constraint tenants_path_self_check check (
          ltree2text(subpath(path, -1)) = replace(id::text, '-', '')),
        constraint tenants_path_parent_check check (
          case when parent_id is null then nlevel(path) = 1
               else nlevel(path) > 1
                    and ltree2text(subpath(path, -2, 1)) = replace(parent_id::text, '-', '')
          end)
      )`);
    await runner.query(`create index tenants_path_idx on stratum.tenants (path)`);
    await runner.query(
      `create index tenants_siblings_idx on stratum.tenants (parent_id, sort_order, id)`,
    );
    await runner.query(
      `create unique index tenants_external_id_key on stratum.tenants (root_id, external_id)
       where external_id is not null`,
    );
  }

  down(): Promise<void> {
    return irreversible(this.name);
  }
}
