import { Injectable } from "@nestjs/common";
import type { Sql } from "../persistence/sql";
import type { Transaction } from "../persistence/transaction";

/** Retired keys that a database is told to refuse, beginning with the last. */
const REMEMBERED = 1000;

/** Table `replaced_context_keys`. */
@Injectable()
export class ReplacedContextKeyStore {
  async add(tx: Transaction, keyId: string): Promise<void> {
    await tx.query(
      `insert into stratum.replaced_context_keys (key_id, replaced_at) values ($1, clock_timestamp())
       on conflict (key_id) do nothing`,
      [keyId],
    );
  }

  /** Marks the key as retired, and those that were replaced before it. */
  async retire(tx: Transaction, keyId: string): Promise<void> {
    await tx.query(
      `update stratum.replaced_context_keys set retired_at = clock_timestamp()
       where retired_at is null and replaced_at <=
         (select replaced_at from stratum.replaced_context_keys where key_id = $1)`,
      [keyId],
    );
  }

  /** The ids of the keys that are to be accepted nowhere. */
  async retired(sql: Sql): Promise<string[]> {
    const rows = await sql.query<{ key_id: string }>(
      `select key_id from stratum.replaced_context_keys where retired_at is not null
       order by retired_at desc, key_id limit ${REMEMBERED}`,
    );
    return rows.map(({ key_id }) => key_id);
  }
}
