import { Injectable } from "@nestjs/common";
import { Database } from "../persistence/database";
import type { DatabaseTenant } from "../tenant-databases/tenant-databases";

/** Tenants whose databases are there. */
@Injectable()
export class DatabaseTenantsStore {
  constructor(private readonly database: Database) {}

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
