import { Injectable } from "@nestjs/common";
import type { JsonObject, JsonValue } from "@stratum-hq/core";
import type { Caller } from "../context/caller";
import { DataKeyStore, type DataKeyRow } from "../crypto/data-key.store";
import { Encryption } from "../crypto/encryption";
import type { Snapshot } from "../persistence/snapshot";
import { TenantStore } from "../tenancy/tenant.store";
import { tenantsNamed, withKnown } from "./export-disclosure";
import type { ExportTarget } from "./export-access";
import { ExportStore, type ExportedRow } from "./export.store";
import type { SealedValues, TenantTable } from "./tenant-table";

interface Line extends JsonObject {
  part: string;
  row: JsonObject;
}

function parsed(line: string): Line {
  return JSON.parse(line) as Line;
}

/** Makes the lines of an export: without ciphertexts, and without tenants that the caller may not know. */
@Injectable()
export class ExportLines {
  constructor(
    private readonly store: ExportStore,
    private readonly tenants: TenantStore,
    private readonly encryption: Encryption,
    private readonly keys: DataKeyStore,
  ) {}

  /** A table's lines, batch by batch, each without its end. */
  async *of(
    snapshot: Snapshot,
    table: TenantTable,
    target: ExportTarget,
  ): AsyncGenerator<string[]> {
    const { tenant_id, caller, include_secrets } = target;
    const { sealed, disclosing } = table;
    const hides = disclosing !== undefined && !caller.sees_ancestors;
    const keys =
      sealed !== undefined && include_secrets ? await this.keys.find(snapshot, tenant_id) : [];
    for await (const rows of this.store.rows(snapshot, table, tenant_id, !include_secrets)) {
      const lines =
        sealed === undefined
          ? rows.map(({ line }) => line)
          : await this.opened(rows, { ...table, sealed }, tenant_id, keys);
      yield hides ? await this.disclosed(snapshot, lines, disclosing, caller) : lines;
    }
  }

  /** The lines with ciphertexts decrypted; a value that does not decrypt is null, with `error`. */
  private async opened(
    rows: readonly ExportedRow[],
    { table, sealed: { column, row } }: TenantTable & { readonly sealed: SealedValues },
    tenant_id: string,
    keys: readonly DataKeyRow[],
  ): Promise<string[]> {
    const secret = rows.filter((each) => each.sealed).map(({ line }) => parsed(line));
    const values = secret.map((line) => ({
      place: { tenant_id, table, column, row: line.row[row] as string },
      sealed: line.row[column] as string,
    }));
    const opened = await this.encryption.open(values, keys);
    const clear = secret.map((line, index) => {
      const plaintext = opened[index]?.plaintext ?? null;
      const value = plaintext === null ? null : (JSON.parse(plaintext) as JsonValue);
      const error = plaintext === null ? { error: "DECRYPTION_FAILED" } : {};
      return JSON.stringify({ ...line, row: { ...line.row, [column]: value, ...error } });
    });
    return rows.map((each) => (each.sealed ? (clear.shift() as string) : each.line));
  }

  private async disclosed(
    snapshot: Snapshot,
    lines: readonly string[],
    columns: readonly string[],
    { bound_to }: Caller,
  ): Promise<string[]> {
    if (bound_to === null) return [...lines];
    const all = lines.map(parsed);
    const named = tenantsNamed(
      all.map(({ row }) => row),
      columns,
    );
    const known = new Set(await this.tenants.idsWithin(named, bound_to, snapshot));
    return all.map((line) => JSON.stringify({ ...line, row: withKnown(line.row, columns, known) }));
  }
}
