import type { MigrationInterface, QueryRunner } from "typeorm";
import { irreversible } from "./irreversible";

/** ABAC: at most one policy for each tenant, resource type, action and name. */
export class AbacPolicies1764115200001 implements MigrationInterface {
  readonly name = "AbacPolicies1764115200001";

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table stratum.abac_policies (
        id uuid not null constraint abac_policies_pkey primary key,
        tenant_id uuid not null constraint abac_policies_tenant_fkey
          references stratum.tenants (id) on delete cascade,
        name text collate "C" not null,
        resource_type text collate "C" not null,
        action text collate "C" not null,
        effect text not null,
        conditions jsonb not null default '[]',
        priority integer not null default 0,
        mode text not null default 'INHERITED',
        version integer not null default 1,
        created_at timestamptz not null default now(),
        updated_at timestamptz not null default now(),
        constraint abac_policies_name_key unique (tenant_id, resource_type, action, name),
        constraint abac_policies_name_check check (char_length(name) between 1 and 255),
        constraint abac_policies_resource_type_check check (
          resource_type ~ '^([A-Za-z0-9._:-]+[*]?|[*])$' and char_length(resource_type) <= 255),
        constraint abac_policies_action_check check (
          action ~ '^([A-Za-z0-9._:-]+[*]?|[*])$' and char_length(action) <= 255),
        constraint abac_policies_effect_check check (effect in ('allow', 'deny')),
        constraint abac_policies_conditions_check check (jsonb_typeof(conditions) = 'array'),
        constraint abac_policies_mode_check check (
          mode in ('LOCKED', 'INHERITED', 'DELEGATED'))
      )`);
  }

  down(): Promise<void> {
    return irreversible(this.name);
  }
}
