import { Injectable } from "@nestjs/common";
import type { Sql } from "../persistence/sql";

/** The one statement that reads the ciphertexts of regions' URLs. */
@Injectable()
export class RegionUrlStore {
  /** Null for none. */
  async find(sql: Sql, regionId: string): Promise<string | null> {
    const rows = await sql.query<{ sealed: string | null }>(
      "select database_url as sealed from stratum.regions where id = $1",
      [regionId],
    );
    return rows[0]?.sealed ?? null;
  }
}
