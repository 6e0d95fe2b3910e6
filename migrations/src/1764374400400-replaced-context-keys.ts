import type { MigrationInterface, QueryRunner } from "typeorm";
import { irreversible } from "./irreversible";

/**
 * The keys that contexts were signed with before (docs/adr/0043): which are replaced, and which no database is
 * to accept any more. Ids alone, which are no secret.
 */
export class ReplacedContextKeys1764374400400 implements MigrationInterface {
  readonly name = "ReplacedContextKeys1764374400400";

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table stratum.replaced_context_keys (
        key_id text not null constraint replaced_context_keys_pkey primary key,
        replaced_at timestamptz not null,
        retired_at timestamptz,
        constraint replaced_context_keys_id_check check (key_id ~ '^[0-9a-f]{16}$')
      )`);
  }

  down(): Promise<void> {
    return irreversible(this.name);
  }
}
