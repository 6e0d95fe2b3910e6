import { Injectable } from "@nestjs/common";
import type { JsonValue } from "@stratum-hq/core";
import { Encryption } from "../crypto/encryption";
import type { Opened } from "../crypto/encryption";
import { configPlace } from "./config-value-column";
import type { Transaction } from "../persistence/transaction";
import type { OwnEntry } from "./config-plan";
import type { EntryWrite, LevelRow, WritePreconditions } from "./config.store";

/** Rows with their sensitive values in clear. */
export interface OpenedLevels {
  readonly rows: LevelRow[];
  /** Whether a value is missing only because the master key is not at hand. */
  readonly unavailable: boolean;
}

/** Encrypts and decrypts the sensitive values of configuration. */
@Injectable()
export class ConfigEncryption {
  constructor(private readonly encryption: Encryption) {}

  /** Decrypts the sensitive entries of some tenants; one that does not decrypt fails alone. */
  async openLevels(rows: LevelRow[]): Promise<OpenedLevels> {
    if (rows.every(({ keys }) => keys === null)) return { rows, unavailable: false };
    let unavailable = false;
    const opened = rows.map(async (row): Promise<LevelRow> => {
      const values = await this.openAll(row.id, row.entries, row.keys);
      for (const value of values.values()) unavailable ||= value.unavailable;
      const entries = row.entries.map((entry) => {
        const value = values.get(entry.key);
        if (value === undefined) return entry;
        return value.plaintext === null
          ? { ...entry, value: null, error: "DECRYPTION_FAILED" as const }
          : { ...entry, value: JSON.parse(value.plaintext) as JsonValue };
      });
      return { ...row, entries };
    });
    return { rows: await Promise.all(opened), unavailable };
  }

  /** A tenant's own entries in clear, for comparison with what is about to be written. */
  async openOwn({ id, own, keys }: WritePreconditions): Promise<OwnEntry[]> {
    const values = await this.openAll(id, own, keys);
    return own.map((entry) => {
      const value = values.get(entry.key);
      if (value === undefined) return entry;
      return value.plaintext === null
        ? { ...entry, value: null, unreadable: true }
        : { ...entry, value: JSON.parse(value.plaintext) as JsonValue };
    });
  }

  /** The writes with sensitive values encrypted. @throws MasterKeyUnavailableError */
  async seal(
    tx: Transaction,
    tenantId: string,
    writes: readonly EntryWrite[],
  ): Promise<EntryWrite[]> {
    const secret = writes.filter(({ sensitive }) => sensitive);
    const sealed = await this.encryption.seal(
      tx,
      secret.map(({ key, value }) => ({
        place: configPlace(tenantId, key),
        plaintext: JSON.stringify(value),
      })),
    );
    const byKey = new Map(secret.map(({ key }, index) => [key, sealed[index] as string]));
    return writes.map((write) => ({ ...write, value: byKey.get(write.key) ?? write.value }));
  }

  private async openAll(
    tenantId: string,
    entries: readonly { key: string; value: JsonValue; sensitive: boolean }[],
    keys: WritePreconditions["keys"],
  ): Promise<Map<string, Opened>> {
    if (keys === null) return new Map();
    const secret = entries.filter(({ sensitive }) => sensitive);
    const values = secret.map(({ key, value }) => ({
      place: configPlace(tenantId, key),
      sealed: value as string,
    }));
    const opened = await this.encryption.open(values, keys);
    return new Map(secret.map(({ key }, index) => [key, opened[index] as Opened]));
  }
}
