import { Inject, Injectable } from "@nestjs/common";
import type { Transaction } from "../persistence/transaction";
import { SEALED_COLUMNS, type SealedColumn } from "../crypto/sealed-column";

/** A ciphertext with the row that it stands in. */
export interface SealedValue {
  readonly row: string;
  readonly sealed: string;
}

/** The values of one owner in a column; `$1` is the tenant. */
function ownRows({ tenant, where, text }: SealedColumn): string {
  const owner = tenant === null ? "$1::uuid is null" : `${tenant} = $1::uuid`;
  return `${owner} and ${where} and split_part(${text}, '.', 2)::bigint < $2`;
}

/** Reads and writes ciphertexts, whatever column they stand in. */
@Injectable()
export class SealedValueStore {
  constructor(@Inject(SEALED_COLUMNS) private readonly columns: readonly SealedColumn[]) {}

  /** The columns with ciphertexts under a tenant's key, or under the platform's: what its rotation writes anew. */
  columnsOf(tenantId: string | null): readonly SealedColumn[] {
    return this.columns.filter(({ tenant }) => (tenant === null) === (tenantId === null));
  }

  /**
   * Values that a version before the one given has sealed, in the order of their rows, locked.
   *
   * @param after the row after which to begin; "" for the first
   */
  async sealedBefore(
    tx: Transaction,
    column: SealedColumn,
    owner: { readonly tenant_id: string | null; readonly version: number },
    page: { readonly after: string; readonly limit: number },
  ): Promise<SealedValue[]> {
    return tx.query<SealedValue>(
      `select ${column.row}::text as row, ${column.text} as sealed from stratum.${column.table}
       where ${ownRows(column)} and ${column.row}::text collate "C" > $3
       order by ${column.row}::text collate "C" limit $4 for no key update`,
      [owner.tenant_id, owner.version, page.after, page.limit],
    );
  }

  /** Replaces ciphertexts. Neither version nor times of their rows change: they say the same as before. */
  async replace(
    tx: Transaction,
    column: SealedColumn,
    tenantId: string | null,
    values: readonly SealedValue[],
  ): Promise<void> {
    const owner = column.tenant === null ? "$1::uuid is null" : `t.${column.tenant} = $1::uuid`;
    await tx.query(
      `update stratum.${column.table} as t set ${column.column} = ${column.cell("r.sealed")}
       from jsonb_to_recordset($2::jsonb) as r("row" text, sealed text)
       where ${owner} and t.${column.row}::text = r."row"`,
      [tenantId, JSON.stringify(values)],
    );
  }
}
