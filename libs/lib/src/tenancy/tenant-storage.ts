import type { IsolationStrategy, PurgeObstacle } from "@stratum-hq/core";
import type { Caller } from "../context/caller";
import type { Snapshot } from "../persistence/snapshot";
import type { Transaction } from "../persistence/transaction";
import type { TenantRow } from "./tenant-row";

/** What was taken away of tenants' own storage. */
export interface ErasedStorage {
  /** How much of what: rows by `tables.<name>`, schemas. What lost nothing may be missing. */
  readonly deleted: Readonly<Record<string, number>>;
  /** Whether nothing is left. */
  readonly complete: boolean;
}

/** Adds counts by name to others. */
export function addCounts(
  total: Record<string, number>,
  counts: Readonly<Record<string, number>>,
): void {
  for (const [name, n] of Object.entries(counts)) total[name] = (total[name] ?? 0) + n;
}

/** The rows that a tenant has in one of its tables, for an export. */
export interface StoredPart {
  readonly part: string;
  /** Each row as an object of JSON, batch by batch. To be read to its end before the next part. */
  readonly batches: AsyncIterable<readonly string[]>;
}

/** A tenant, as far as it says where it has its tables. */
export type PlacedTenant = Pick<TenantRow, "id" | "isolation_strategy" | "status" | "region_id">;

/** Where the tenants of one strategy have their tables: made with a tenant, and taken away with it. */
export interface TenantStorage {
  readonly strategy: IsolationStrategy;
  /**
   * Makes what tenants need that the transaction has just inserted, and commits with them. Of one that has
   * it already, what is lacking; whether anything was.
   */
  provision(tx: Transaction, tenants: readonly TenantRow[], caller: Caller): Promise<boolean>;
  /**
   * Takes away, in a step of a purge, what tenants have here, whichever strategy is theirs: so many rows at
   * most. Nobody enters them any more.
   */
  erase(tx: Transaction, tenantIds: readonly string[], limit: number): Promise<ErasedStorage>;
  /**
   * What would keep the rows of some tenants here, as far as a trial of so many rows of each table shows; nothing of it
   * stays. Left out where nothing can.
   */
  obstacles?(
    tx: Transaction,
    tenantIds: readonly string[],
    limit: number,
  ): Promise<readonly PurgeObstacle[]>;
  /** What tenants still have here after all was taken away. Left out where nothing can be left. */
  remaining?(tx: Transaction, tenantIds: readonly string[]): Promise<readonly PurgeObstacle[]>;
  /**
   * Makes a tenant's copies of reference tables what the originals are; how many rows had to change. Left out
   * where tenants read the originals.
   */
  refreshReferences?(tx: Transaction, tenant: PlacedTenant): Promise<number>;
  /** The tables of a tenant of this strategy and their rows, as of the snapshot or of one beside it. */
  parts(snapshot: Snapshot, tenantId: string): AsyncIterable<StoredPart>;
}
