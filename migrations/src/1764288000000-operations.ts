import type { MigrationInterface, QueryRunner } from "typeorm";
import { irreversible } from "./irreversible";

/**
 * Long operations. `claim_id` is new each time that a process takes the operation up: a step of any other
 * claim finds no row to go on with. `heartbeat_at` tells when its process was last known to be alive.
 * `started_by` is the tenant that bound who started it, null for the platform. There is no foreign key to
 * tenants: a purge ends after its tenant has.
 */
export class Operations1764288000000 implements MigrationInterface {
  readonly name = "Operations1764288000000";

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table stratum.operations (
        id uuid not null constraint operations_pkey primary key,
        type text not null,
        tenant_id uuid,
        state text not null default 'running',
        params jsonb not null default '{}',
        progress jsonb not null,
        checkpoint jsonb not null default '{}',
        cancel_requested boolean not null default false,
        cancellable boolean not null default true,
        resumable boolean not null default true,
        error jsonb,
        result jsonb,
        actor_id text not null,
        actor_type text not null,
        source_ip text,
        request_id text,
        started_by uuid,
        claim_id uuid not null,
        attempts integer not null default 1,
        version integer not null default 1,
        heartbeat_at timestamptz not null default clock_timestamp(),
        created_at timestamptz not null default now(),
        updated_at timestamptz not null default now(),
        finished_at timestamptz,
        constraint operations_state_check check (
          state in ('running', 'succeeded', 'failed', 'cancelled')),
        constraint operations_type_check check (type ~ '^[a-z_]+$'),
        constraint operations_actor_type_check check (actor_type in ('api_key', 'jwt', 'system'))
      )`);
    await runner.query(`create index operations_tenant_idx on stratum.operations (tenant_id, id)`);
    await runner.query(`
      create index operations_running_idx on stratum.operations (heartbeat_at)
      where state = 'running'`);
  }

  down(): Promise<void> {
    return irreversible(this.name);
  }
}
