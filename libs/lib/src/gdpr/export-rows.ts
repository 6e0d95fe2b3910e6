import { Injectable } from "@nestjs/common";
import { TenantNotFoundError, type JsonObject, type JsonValue } from "@stratum-hq/core";
import type { Caller } from "../context/caller";
import { DataKeyStore, type DataKeyRow } from "../crypto/data-key.store";
import { Encryption } from "../crypto/encryption";
import type { Snapshot } from "../persistence/snapshot";
import { tenantsNamed, withKnown } from "../tenancy/named-tenants";
import type { StoredPart } from "../tenancy/tenant-storage";
import { TenantStorages } from "../tenancy/tenant-storages";
import { TenantStore } from "../tenancy/tenant.store";
import type { ExportTarget } from "./export-access";
import { ExportStore, type ExportedRow } from "./export.store";
import type { SealedValues, ControlTable } from "../persistence/control-table";

function parsed(json: string): JsonObject {
  return JSON.parse(json) as JsonObject;
}

/** Makes the rows of an export: without ciphertexts, and without tenants that the caller may not know. */
@Injectable()
export class ExportRows {
  constructor(
    private readonly store: ExportStore,
    private readonly tenants: TenantStore,
    private readonly encryption: Encryption,
    private readonly keys: DataKeyStore,
    private readonly storages: TenantStorages,
  ) {}

  /** The tables of schema `stratum` that hold rows of tenants, in the order of an export. */
  get tables(): readonly ControlTable[] {
    return this.store.tables;
  }

  /**
   * The tables of the host application in which the tenant has rows, wherever these are.
   *
   * @throws MaintenanceRoleMissingError
   */
  async *stored(snapshot: Snapshot, { tenant_id }: ExportTarget): AsyncGenerator<StoredPart> {
    const tenant = await this.tenants.findById(tenant_id, snapshot);
    if (tenant === undefined) throw new TenantNotFoundError({ tenant_id });
    yield* this.storages.of(tenant.isolation_strategy).parts(snapshot, tenant_id);
  }

  /** A table's rows as JSON, batch by batch. */
  async *of(
    snapshot: Snapshot,
    table: ControlTable,
    target: ExportTarget,
  ): AsyncGenerator<string[]> {
    const { tenant_id, caller, include_secrets } = target;
    const { sealed, disclosing } = table;
    const opens = sealed !== undefined && include_secrets;
    const hides = disclosing !== undefined && !caller.sees_ancestors;
    const keys = opens ? await this.keys.find(snapshot, tenant_id) : [];
    for await (const batch of this.store.rows(snapshot, table, tenant_id, !include_secrets)) {
      const rows = opens
        ? await this.opened(batch, { ...table, sealed }, tenant_id, keys)
        : batch.map(({ json }) => json);
      yield hides ? await this.disclosed(snapshot, rows, disclosing, caller) : rows;
    }
  }

  /** The rows with ciphertexts decrypted; a value that does not decrypt is null, with `error`. */
  private async opened(
    rows: readonly ExportedRow[],
    { table, sealed: { column, row } }: ControlTable & { readonly sealed: SealedValues },
    tenant_id: string,
    keys: readonly DataKeyRow[],
  ): Promise<string[]> {
    const secret = rows.filter(({ sealed }) => sealed).map(({ json }) => parsed(json));
    const values = secret.map((each) => ({
      place: { tenant_id, table, column, row: each[row] as string },
      sealed: each[column] as string,
    }));
    const opened = await this.encryption.open(values, keys);
    const clear = secret.map((each, index) => {
      const plaintext = opened[index]?.plaintext ?? null;
      const value = plaintext === null ? null : (JSON.parse(plaintext) as JsonValue);
      const error = plaintext === null ? { error: "DECRYPTION_FAILED" } : {};
      return JSON.stringify({ ...each, [column]: value, ...error });
    });
    return rows.map(({ sealed, json }) => (sealed === true ? (clear.shift() as string) : json));
  }

  private async disclosed(
    snapshot: Snapshot,
    rows: readonly string[],
    columns: readonly string[],
    { bound_to }: Caller,
  ): Promise<string[]> {
    if (bound_to === null) return [...rows];
    const all = rows.map(parsed);
    const named = tenantsNamed(all, columns);
    const known = new Set(await this.tenants.idsWithin(named, bound_to, snapshot));
    return all.map((row) => JSON.stringify(withKnown(row, columns, known)));
  }
}
