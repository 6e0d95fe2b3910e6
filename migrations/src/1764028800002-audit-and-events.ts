import type { MigrationInterface, QueryRunner } from "typeorm";
import { irreversible } from "./irreversible";

/**
 * The audit log, and the events: outbox for webhooks and change feed for caches. `tx` is the writing
 * transaction, by which a reader of the feed tells what its last snapshot could not see.
 * Audit ids begin with `created_at`, so that their order is the order of time (docs/adr/0009).
 * Neither refers to tenants by a foreign key: a row outlives what it tells about.
 */
export class AuditAndEvents1764028800002 implements MigrationInterface {
  readonly name = "AuditAndEvents1764028800002";

  async up(runner: QueryRunner): Promise<void> {
    await this.createAuditLogs(runner);
    await this.createEvents(runner);
  }

  private async createAuditLogs(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table stratum.audit_logs (
        id uuid not null constraint audit_logs_pkey primary key,
        operation_id uuid not null,
        actor_id text not null,
        actor_type text not null,
        action text not null,
        resource_type text not null,
        resource_id text,
        tenant_id uuid,
        source_ip text,
        request_id text,
        before_state jsonb,
        after_state jsonb,
        metadata jsonb not null default '{}',
        occurred_at timestamptz,
        created_at timestamptz not null default now(),
        constraint audit_logs_actor_type_check check (actor_type in ('api_key', 'jwt', 'system'))
      )`);
    await runner.query(`create index audit_logs_tenant_idx on stratum.audit_logs (tenant_id, id)`);
  }

  private async createEvents(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table stratum.webhook_events (
        id uuid not null constraint webhook_events_pkey primary key,
        type text not null,
        tenant_id uuid,
        operation_id uuid not null,
        data jsonb not null default '{}',
        created_at timestamptz not null default now(),
        tx xid8 not null default pg_current_xact_id(),
        constraint webhook_events_type_check check (type ~ '^[a-z_]+\\.[a-z_]+$')
      )`);
    await runner.query(`create index webhook_events_tx_idx on stratum.webhook_events (tx)`);
  }

  down(): Promise<void> {
    return irreversible(this.name);
  }
}
