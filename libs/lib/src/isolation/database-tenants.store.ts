import { Injectable } from "@nestjs/common";
import { Database } from "../persistence/database";
import type { Sql } from "../persistence/sql";
import type { DatabaseTenant } from "../tenant-databases/tenant-databases";

/** A tenant whose database there is, or will be. */
export interface PlacedDatabase extends DatabaseTenant {
  readonly is_being_made: boolean;
}

/** Tenants whose databases are there. */
@Injectable()
export class DatabaseTenantsStore {
  constructor(private readonly database: Database) {}

  /** How many there are, and will be. */
  async count(sql: Sql): Promise<number> {
    const [row] = await sql.query<{ n: number }>(
      `select count(*)::int as n from stratum.tenants
       where isolation_strategy = 'DB_PER_TENANT' and status <> 'purging'`,
    );
    return row?.n ?? 0;
  }

  /** Some of them by id, those too whose databases are only being made. */
  async pageWithUnmade(sql: Sql, after: string | null, limit: number): Promise<PlacedDatabase[]> {
    return sql.query<PlacedDatabase>(
      `select id, region_id, status = 'provisioning' as is_being_made from stratum.tenants
       where isolation_strategy = 'DB_PER_TENANT' and status <> 'purging'
         and ($1::uuid is null or id > $1) order by id limit $2`,
      [after, limit],
    );
  }

  /** Some of them, by id, from the one after `after`; whatever their status but on the way in or out. */
  async page(after: string | null, limit: number): Promise<DatabaseTenant[]> {
    return this.database.query<DatabaseTenant>(
      `select id, region_id from stratum.tenants
       where isolation_strategy = 'DB_PER_TENANT' and status not in ('provisioning', 'purging')
         and ($1::uuid is null or id > $1) order by id limit $2`,
      [after, limit],
    );
  }
}
