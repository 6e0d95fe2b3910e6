import type { MigrationInterface, QueryRunner } from "typeorm";
import { irreversible } from "./irreversible";

/**
 * Legal hold, and purge. `held_by` is the tenant that bound who holds a tenant, null for the platform;
 * `purge_id` the operation that is taking it away. A certificate is begun with its purge, and is none before
 * `completed_at`, and has the id of its operation; `purged_tenants` keeps, of each tenant purged, its id. A certificate belongs to the log of
 * the parent for as long as that is there.
 */
export class Purge1764288000500 implements MigrationInterface {
  readonly name = "Purge1764288000500";

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      alter table stratum.tenants
        add column legal_hold boolean not null default false,
        add column held_by uuid,
        add column purge_id uuid`);
    await runner.query(`
      create index tenants_legal_hold_idx on stratum.tenants (path) where legal_hold`);
    await runner.query(`
      create index tenants_purge_idx on stratum.tenants (purge_id, depth)
      where purge_id is not null`);
    await this.createCertificates(runner);
    // Rows of a tenant are found, and its foreign keys checked, without reading the whole table.
    await runner.query(`
      create index principal_roles_tenant_idx on stratum.principal_roles (tenant_id)`);
    await runner.query(`
      create index webhook_events_tenant_idx on stratum.webhook_events (tenant_id, id)`);
  }

  private async createCertificates(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table stratum.purge_certificates (
        id uuid not null constraint purge_certificates_pkey primary key,
        tenant_id uuid not null,
        parent_id uuid constraint purge_certificates_parent_fkey
          references stratum.tenants (id) on delete set null,
        subtree boolean not null,
        tenants integer not null,
        deleted jsonb not null default '{}',
        key_ids uuid[] not null default '{}',
        actor_id text not null,
        actor_type text not null,
        request_id text,
        requested_at timestamptz not null default now(),
        completed_at timestamptz,
        constraint purge_certificates_actor_type_check check (
          actor_type in ('api_key', 'jwt', 'system'))
      )`);
    await runner.query(`
      create index purge_certificates_parent_idx on stratum.purge_certificates (parent_id)`);
    await runner.query(`
      create table stratum.purged_tenants (
        tenant_id uuid not null constraint purged_tenants_pkey primary key,
        certificate_id uuid not null constraint purged_tenants_certificate_fkey
          references stratum.purge_certificates (id)
      )`);
  }

  down(): Promise<void> {
    return irreversible(this.name);
  }
}
