import { Injectable } from "@nestjs/common";
import type { Transaction } from "../persistence/transaction";

/** The one statement that reads the ciphertexts of regions' URLs. */
@Injectable()
export class RegionUrlStore {
  /** Null for none. */
  async find(tx: Transaction, regionId: string): Promise<string | null> {
    const rows = await tx.query<{ sealed: string | null }>(
      "select database_url as sealed from stratum.regions where id = $1",
      [regionId],
    );
    return rows[0]?.sealed ?? null;
  }
}
