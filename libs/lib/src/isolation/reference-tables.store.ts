import { Injectable } from "@nestjs/common";
import { MAX_PAGE_SIZE } from "@stratum-hq/core";
import {
  copyReferences,
  inTransaction,
  sendReferences,
  type TenantTables,
} from "@stratum-hq/db-adapters";
import type { ClientBase } from "pg";
import { TENANT_TABLES_LOCK } from "../persistence/advisory-locks";
import { Database } from "../persistence/database";
import type { Transaction } from "../persistence/transaction";
import type { PlacedTenant } from "../tenancy/tenant-storage";
import { SHARED_SCHEMA } from "./storage-names";
import { TenantTablesStore } from "./tenant-tables.store";

/** The tenants whose placements have copies of reference tables. */
@Injectable()
export class ReferenceTablesStore {
  constructor(
    private readonly database: Database,
    private readonly tables: TenantTablesStore,
  ) {}

  /** Waits for placements that are being made: those made later have what is committed by now. */
  async awaitCreations(tx: Transaction): Promise<void> {
    await tx.query("select pg_advisory_xact_lock($1, 1)", [TENANT_TABLES_LOCK]);
  }

  /** Lets the placements that are made in the transaction be waited for. */
  async announceCreation(tx: Transaction): Promise<void> {
    await tx.query("select pg_advisory_xact_lock_shared($1, 1)", [TENANT_TABLES_LOCK]);
  }

  /** The ids of all of them that are not being purged, page by page. */
  async *placed(): AsyncGenerator<string> {
    let last = "00000000-0000-0000-0000-000000000000";
    for (;;) {
      const page = await this.database.query<{ id: string }>(
        `select id from stratum.tenants
         where isolation_strategy <> 'SHARED_RLS' and status <> 'purging' and id > $1
         order by id limit ${MAX_PAGE_SIZE}`,
        [last],
      );
      yield* page.map(({ id }) => id);
      if (page.length < MAX_PAGE_SIZE) return;
      last = page.at(-1)?.id ?? last;
    }
  }

  /** Keeps a tenant from being purged until the transaction ends; undefined where it is gone. */
  async keep(tx: Transaction, id: string): Promise<PlacedTenant | undefined> {
    const rows = await tx.query<PlacedTenant>(
      `select id, isolation_strategy, status, region_id from stratum.tenants
       where id = $1 and status <> 'purging' for key share`,
      [id],
    );
    return rows[0];
  }

  /**
   * Makes the copies in a schema of this database what the originals are; how many rows had to change.
   *
   * @throws StoragePrivilegeMissingError for a login that may not read the originals
   */
  async copy(tx: Transaction, schema: string, { references }: TenantTables): Promise<number> {
    const route = { from: SHARED_SCHEMA, to: schema };
    return this.permitted(tx, references, () => copyReferences(tx.client, references, route));
  }

  /** The same in another database, in the schema of the same name; throws as {@link copy} does. */
  async send(tx: Transaction, target: ClientBase, { references }: TenantTables): Promise<number> {
    const route = { from: SHARED_SCHEMA, to: SHARED_SCHEMA };
    return this.permitted(tx, references, () =>
      inTransaction(target, () => sendReferences(tx.client, target, references, route)),
    );
  }

  private async permitted<T>(
    tx: Transaction,
    references: readonly string[],
    work: () => Promise<T>,
  ): Promise<T> {
    if (references.length === 0) return work();
    const grant = `(select format('grant select on %s to %I', string_agg(format('%I.%I', $1::text, name), ', '),
      current_user) from unnest($2::text[]) as name)`;
    const names = [SHARED_SCHEMA, references] as const;
    return this.tables.permitted(tx, "copies of reference tables", [grant, ...names], work);
  }
}
