import type { MigrationInterface, QueryRunner } from "typeorm";
import { irreversible } from "./irreversible";

/**
 * Consents: one record for each tenant, subject and purpose, which a consent given again takes up.
 * `expiry_recorded_at` is when the audit log was told that the consent has expired; the index has those of
 * which that is still to come.
 */
export class Consent1764288000200 implements MigrationInterface {
  readonly name = "Consent1764288000200";

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table stratum.consent_records (
        id uuid not null constraint consent_records_pkey primary key,
        tenant_id uuid not null constraint consent_records_tenant_fkey
          references stratum.tenants (id) on delete cascade,
        subject_id text collate "C" not null,
        purpose text collate "C" not null,
        granted boolean not null default true,
        granted_at timestamptz not null default now(),
        revoked_at timestamptz,
        expires_at timestamptz,
        expiry_recorded_at timestamptz,
        metadata jsonb not null default '{}',
        version integer not null default 1,
        created_at timestamptz not null default now(),
        updated_at timestamptz not null default now(),
        constraint consent_records_subject_key unique (tenant_id, subject_id, purpose),
        constraint consent_records_subject_check check (char_length(subject_id) between 1 and 255),
        constraint consent_records_purpose_check check (char_length(purpose) between 1 and 255),
        constraint consent_records_revoked_check check (granted = (revoked_at is null)),
        constraint consent_records_metadata_check check (jsonb_typeof(metadata) = 'object')
      )`);
    await runner.query(
      `create index consent_records_tenant_idx on stratum.consent_records (tenant_id, id)`,
    );
    await runner.query(`
      create index consent_records_expiry_idx on stratum.consent_records (expires_at)
      where granted and expires_at is not null and expiry_recorded_at is null`);
  }

  down(): Promise<void> {
    return irreversible(this.name);
  }
}
