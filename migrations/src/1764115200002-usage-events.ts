import type { MigrationInterface, QueryRunner } from "typeorm";
import { irreversible } from "./irreversible";

/**
 * Usage: what tenants used of each metric, and when. Of the events with one idempotency key, a tenant's
 * metric has the first alone.
 */
export class UsageEvents1764115200002 implements MigrationInterface {
  readonly name = "UsageEvents1764115200002";

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table stratum.usage_events (
        id uuid not null constraint usage_events_pkey primary key,
        tenant_id uuid not null constraint usage_events_tenant_fkey
          references stratum.tenants (id) on delete cascade,
        metric text collate "C" not null,
        quantity numeric not null default 1,
        idempotency_key text collate "C",
        metadata jsonb not null default '{}',
        occurred_at timestamptz not null default now(),
        recorded_at timestamptz not null default now(),
        constraint usage_events_metric_check check (char_length(metric) between 1 and 255),
        constraint usage_events_quantity_check check (
          quantity between 0 and 1000000000000000),
        constraint usage_events_idempotency_key_check check (
          char_length(idempotency_key) between 1 and 255),
        constraint usage_events_metadata_check check (jsonb_typeof(metadata) = 'object')
      )`);
    await runner.query(
      `create unique index usage_events_idempotency_key_key
       on stratum.usage_events (tenant_id, metric, idempotency_key)
       where idempotency_key is not null`,
    );
    await runner.query(
      `create index usage_events_tenant_idx
       on stratum.usage_events (tenant_id, metric, occurred_at)`,
    );
  }

  down(): Promise<void> {
    return irreversible(this.name);
  }
}
