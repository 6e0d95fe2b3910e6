import { Injectable } from "@nestjs/common";
import { MAX_PAGE_SIZE, type IsolationStrategy } from "@stratum-hq/core";
import { TENANT_TABLES_LOCK } from "../persistence/advisory-locks";
import { Database } from "../persistence/database";
import type { Transaction } from "../persistence/transaction";

/** A tenant with a placement of its own. */
export interface PlacedTenant {
  readonly id: string;
  readonly isolation_strategy: IsolationStrategy;
}

/** The tenants whose placements have copies of reference tables. */
@Injectable()
export class ReferenceTablesStore {
  constructor(private readonly database: Database) {}

  /** Waits for placements that are being made: those made later have what is committed by now. */
  async awaitCreations(tx: Transaction): Promise<void> {
    await tx.query("select pg_advisory_xact_lock($1, 1)", [TENANT_TABLES_LOCK]);
  }

  /** Lets the placements that are made in the transaction be waited for. */
  async announceCreation(tx: Transaction): Promise<void> {
    await tx.query("select pg_advisory_xact_lock_shared($1, 1)", [TENANT_TABLES_LOCK]);
  }

  /** All of them that are not being purged, page by page. */
  async *placed(): AsyncGenerator<PlacedTenant> {
    let last = "00000000-0000-0000-0000-000000000000";
    for (;;) {
      const page = await this.database.query<PlacedTenant>(
        `select id, isolation_strategy from stratum.tenants
         where isolation_strategy <> 'SHARED_RLS' and status not in ('provisioning', 'purging') and id > $1
         order by id limit ${MAX_PAGE_SIZE}`,
        [last],
      );
      yield* page;
      if (page.length < MAX_PAGE_SIZE) return;
      last = (page.at(-1) as PlacedTenant).id;
    }
  }

  /** Keeps a tenant from being purged until the transaction ends; whether it is still there. */
  async keep(tx: Transaction, id: string): Promise<boolean> {
    const rows = await tx.query(
      "select from stratum.tenants where id = $1 and status <> 'purging' for key share",
      [id],
    );
    return rows.length > 0;
  }
}
