import { Injectable } from "@nestjs/common";
import type { Sql } from "../persistence/sql";
import type { Transaction } from "../persistence/transaction";

/** Table `platform_secrets`. Bytes are in hex. */
@Injectable()
export class PlatformSecretStore {
  async find(sql: Sql, name: string): Promise<string | undefined> {
    const [row] = await sql.query<{ value: string }>(
      "select encode(value, 'hex') as value from stratum.platform_secrets where name = $1",
      [name],
    );
    return row?.value;
  }

  /** Keeps it what it is until the transaction ends; whoever does is not in another's way. */
  async hold(tx: Transaction, name: string): Promise<void> {
    await tx.query("select from stratum.platform_secrets where name = $1 for share", [name]);
  }

  /** Waits for whoever holds it, and keeps others from it. */
  async lock(tx: Transaction, name: string): Promise<void> {
    await tx.query("select from stratum.platform_secrets where name = $1 for update", [name]);
  }

  /** Writes it, unless another transaction was faster. */
  async insert(tx: Transaction, name: string, value: string): Promise<void> {
    await tx.query(
      `insert into stratum.platform_secrets (name, value) values ($1, decode($2, 'hex'))
       on conflict (name) do nothing`,
      [name, value],
    );
  }

  /** Replaces a value that is still the one given. */
  async replace(tx: Transaction, name: string, before: string, after: string): Promise<void> {
    await tx.query(
      `update stratum.platform_secrets set value = decode($3, 'hex')
       where name = $1 and value = decode($2, 'hex')`,
      [name, before, after],
    );
  }

  /** Writes another one in its place, as if it were made now. */
  async write(tx: Transaction, name: string, value: string): Promise<void> {
    await tx.query(
      `update stratum.platform_secrets set value = decode($2, 'hex'), created_at = now()
       where name = $1`,
      [name, value],
    );
  }

  async delete(tx: Transaction, name: string): Promise<void> {
    await tx.query("delete from stratum.platform_secrets where name = $1", [name]);
  }
}
