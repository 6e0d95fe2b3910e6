import { Injectable } from "@nestjs/common";
import { DATA_KEY_MAX_USES } from "@stratum-hq/core";
import type { Sql } from "../persistence/sql";
import type { Transaction } from "../persistence/transaction";

/** A version of a data key, as it is kept. */
export interface DataKeyRow {
  readonly id: string;
  /** Null for the platform's. */
  readonly tenant_id: string | null;
  readonly version: number;
  readonly master_key_id: string;
  readonly wrapped: string;
}

export const DATA_KEY_COLUMNS = "id, tenant_id, version, master_key_id, wrapped";

/** SQL for the keys of the tenant that an expression names, as JSON; run where that has ciphertexts. */
export function dataKeysOf(tenantId: string): string {
  return `(select coalesce(json_agg(k), '[]') from (select ${DATA_KEY_COLUMNS} from stratum.tenant_keys
     where tenant_id = ${tenantId}) as k)`;
}

/** How many values are about to be encrypted for a tenant; null is the platform. */
export interface KeyUse {
  readonly tenant_id: string | null;
  readonly uses: number;
}

const IS_OWNER = "(k.tenant_id = w.tenant_id or (w.tenant_id is null and k.tenant_id is null))";
const WANTED = "jsonb_to_recordset($1::jsonb) as w(tenant_id uuid, uses bigint)";

/** The versions of one owner's key before $2. */
const BEFORE = `from stratum.tenant_keys
  where (tenant_id = $1::uuid or ($1 is null and tenant_id is null)) and version < $2`;

/** The statements of table `tenant_keys`, whatever the number of tenants. */
@Injectable()
export class DataKeyStore {
  /**
   * The newest key of each tenant, its uses counted; tenants that have none, or have used it up, are
   * missing. A key that is about to be destroyed is waited for, and missing afterwards.
   */
  async use(tx: Transaction, wanted: readonly KeyUse[]): Promise<DataKeyRow[]> {
    return tx.query<DataKeyRow>(
      `update stratum.tenant_keys as k set uses = k.uses + newest.uses
       from (select distinct on (w.tenant_id) k.id, w.uses from ${WANTED}
             join stratum.tenant_keys as k on ${IS_OWNER}
             order by w.tenant_id, k.version desc) as newest
       where k.id = newest.id and k.uses + newest.uses <= ${DATA_KEY_MAX_USES}
       returning ${DATA_KEY_COLUMNS.replaceAll(/\w+/g, "k.$&")}`,
      [JSON.stringify(wanted)],
    );
  }

  /** The number of the newest version of each tenant that has any. */
  async newestVersions(
    tx: Transaction,
    wanted: readonly Pick<KeyUse, "tenant_id">[],
  ): Promise<{ tenant_id: string | null; version: number }[]> {
    return tx.query(
      `select w.tenant_id, max(k.version) as version from ${WANTED}
       join stratum.tenant_keys as k on ${IS_OWNER} group by w.tenant_id`,
      [JSON.stringify(wanted)],
    );
  }

  /** Adds keys, save where another transaction has added the same version. */
  async insert(tx: Transaction, keys: readonly DataKeyRow[]): Promise<void> {
    await tx.query(
      `insert into stratum.tenant_keys (${DATA_KEY_COLUMNS})
       select ${DATA_KEY_COLUMNS} from jsonb_to_recordset($1::jsonb) as k(
         id uuid, tenant_id uuid, version int, master_key_id text, wrapped text)
       on conflict do nothing`,
      [JSON.stringify(keys)],
    );
  }

  /**
   * Keys that another master key wraps than the one given, in the order of their ids, locked.
   *
   * @param only the master key whose keys are meant; null for any other than `current`
   */
  async wrappedOtherwise(
    tx: Transaction,
    current: string,
    only: string | null,
    page: { readonly after: string; readonly limit: number },
  ): Promise<DataKeyRow[]> {
    return tx.query<DataKeyRow>(
      `select ${DATA_KEY_COLUMNS} from stratum.tenant_keys
       where master_key_id <> $1 and ($2::text is null or master_key_id = $2) and id > $3
       order by id limit $4 for no key update`,
      [current, only, page.after, page.limit],
    );
  }

  /** Whether a master key of this id wraps anything. */
  async isWrapping(tx: Transaction, masterKeyId: string): Promise<boolean> {
    const rows = await tx.query(
      "select from stratum.tenant_keys where master_key_id = $1 limit 1",
      [masterKeyId],
    );
    return rows.length > 0;
  }

  async countWrappedOtherwise(
    tx: Transaction,
    current: string,
    only: string | null,
  ): Promise<number> {
    const [row] = await tx.query<{ n: number }>(
      `select count(*) as n from stratum.tenant_keys
       where master_key_id <> $1 and ($2::text is null or master_key_id = $2)`,
      [current, only],
    );
    return row?.n ?? 0;
  }

  /** Replaces how keys are wrapped. */
  async rewrap(
    tx: Transaction,
    keys: readonly Pick<DataKeyRow, "id" | "master_key_id" | "wrapped">[],
  ): Promise<void> {
    await tx.query(
      `update stratum.tenant_keys as k set master_key_id = r.master_key_id, wrapped = r.wrapped
       from jsonb_to_recordset($1::jsonb) as r(id uuid, master_key_id text, wrapped text)
       where k.id = r.id`,
      [JSON.stringify(keys)],
    );
  }

  /** Locks the versions before one, so that whatever is being encrypted under them is written first. */
  async lockBefore(tx: Transaction, tenantId: string | null, version: number): Promise<void> {
    await tx.query(`select ${BEFORE} for update`, [tenantId, version]);
  }

  /** Destroys the versions before one; their ids. */
  async destroyBefore(
    tx: Transaction,
    tenantId: string | null,
    version: number,
  ): Promise<string[]> {
    const rows = await tx.query<{ id: string }>(`delete ${BEFORE} returning id`, [
      tenantId,
      version,
    ]);
    return rows.map(({ id }) => id);
  }

  /** Every version of a tenant's key, or of the platform's. */
  async find(sql: Sql, tenantId: string | null): Promise<DataKeyRow[]> {
    return tenantId === null
      ? sql.query<DataKeyRow>(
          `select ${DATA_KEY_COLUMNS} from stratum.tenant_keys where tenant_id is null`,
        )
      : sql.query<DataKeyRow>(
          `select ${DATA_KEY_COLUMNS} from stratum.tenant_keys where tenant_id = $1`,
          [tenantId],
        );
  }
}
