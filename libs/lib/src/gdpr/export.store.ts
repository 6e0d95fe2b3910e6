import { MASK } from "@stratum-hq/core";
import { Injectable } from "@nestjs/common";
import type { Snapshot } from "../persistence/snapshot";
import type { TenantTable } from "./tenant-table";

/** A row of a table as an export has it. */
export interface ExportedRow {
  /** A line of JSON, without its end. */
  readonly line: string;
  /** Whether there is a ciphertext in the line still. */
  readonly sealed: boolean;
}

/** The bytes of a row, nearly: most text is ASCII. */
const bytesOf = ({ line }: ExportedRow): number => line.length;

/** A name that is one of the list of tables, or of the host application's. */
function quoted(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

/** Reads what an export has. */
@Injectable()
export class ExportStore {
  /**
   * A tenant's rows of a table as lines of JSON, in their order. PostgreSQL writes the lines: it writes
   * numbers as they are, however long, and it is quicker than reading columns and writing them again.
   *
   * @param masked whether ciphertexts are masked rather than handed out as they are
   */
  rows(
    snapshot: Snapshot,
    table: TenantTable,
    tenantId: string,
    masked: boolean,
  ): AsyncGenerator<ExportedRow[]> {
    const { schema, part, tenant, key, sealed } = table;
    const columns = table.exported.map((column) =>
      masked && column === sealed?.column
        ? `case when ${quoted(sealed.flag)} then to_jsonb('${MASK}'::text)
             else ${quoted(column)} end as ${quoted(column)}`
        : quoted(column),
    );
    const isSealed = masked || sealed === undefined ? "false" : `r.${quoted(sealed.flag)}`;
    const text = `
      select $2 || row_to_json(r)::text || '}' as line, ${isSealed} as sealed
      from (select ${columns.join(", ")} from ${quoted(schema)}.${quoted(table.table)}
            where ${quoted(tenant)} = $1 order by ${key.map(quoted).join(", ")}) as r`;
    const start = `{"part":${JSON.stringify(part)},"row":`;
    return snapshot.batches<ExportedRow>(text, [tenantId, start], bytesOf);
  }
}
