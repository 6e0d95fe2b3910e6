import { MASK } from "@stratum-hq/core";
import { Inject, Injectable } from "@nestjs/common";
import { CONTROL_TABLES, type ControlTable } from "../persistence/control-table";
import type { Snapshot } from "../persistence/snapshot";

/** A row of a table as an export has it. */
export interface ExportedRow {
  /** An object of JSON. */
  readonly json: string;
  /** Whether there is a ciphertext in it still; left out where none can be. */
  readonly sealed?: boolean;
}

/** The bytes of a row, nearly: most text is ASCII. */
const bytesOf = ({ json }: ExportedRow): number => json.length;

/** A name that is one of the list of tables, or of the host application's. */
function quoted(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

/** Reads what an export has. */
@Injectable()
export class ExportStore {
  constructor(
    /** Those of schema `stratum`, in the order of an export. */
    @Inject(CONTROL_TABLES) readonly tables: readonly ControlTable[],
  ) {}

  /**
   * A tenant's rows of a table as JSON, in their order. PostgreSQL writes it: with numbers as they are,
   * however long, and quicker than columns are read here and written again.
   *
   * @param masked whether ciphertexts are masked rather than handed out as they are
   */
  rows(
    snapshot: Snapshot,
    table: ControlTable,
    tenantId: string,
    masked: boolean,
  ): AsyncGenerator<ExportedRow[]> {
    const { schema, tenant, key, sealed } = table;
    const columns = table.exported.map((column) =>
      masked && column === sealed?.column
        ? `case when ${quoted(sealed.flag)} then to_jsonb('${MASK}'::text)
             else ${quoted(column)} end as ${quoted(column)}`
        : quoted(column),
    );
    const isSealed = masked || sealed === undefined ? "" : `, r.${quoted(sealed.flag)} as sealed`;
    const text = `
      select row_to_json(r)::text as json${isSealed}
      from (select ${columns.join(", ")} from ${quoted(schema)}.${quoted(table.table)}
            where ${quoted(tenant)} = $1 order by ${key.map(quoted).join(", ")}) as r`;
    return snapshot.batches<ExportedRow>(text, [tenantId], bytesOf);
  }
}
