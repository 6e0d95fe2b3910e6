import { Injectable } from "@nestjs/common";
import { DecryptionFailedError } from "@stratum-hq/core";
import type { Sql } from "../persistence/sql";
import type { Transaction } from "../persistence/transaction";
import { DataKeyStore, type DataKeyRow } from "./data-key.store";
import { DataKeys } from "./data-keys";
import { open, seal, versionOf, type DataKey, type Place } from "./envelope";

/** A value on its way into the database. */
export interface Plain {
  readonly place: Place;
  readonly plaintext: string;
}

/** A value as the database has it. */
export interface Sealed {
  readonly place: Place;
  readonly sealed: string;
}

/** What became of a {@link Sealed}: null where it does not decrypt. */
export interface Opened {
  readonly plaintext: string | null;
  /** Whether that is because the master key is not at hand, so that it may decrypt another time. */
  readonly unavailable: boolean;
}

/** Encrypts and decrypts values of tenants and of the platform, each under its owner's data key. */
@Injectable()
export class Encryption {
  constructor(
    private readonly keys: DataKeys,
    private readonly store: DataKeyStore,
  ) {}

  /**
   * Encrypts values, in their order, within the transaction that writes them.
   *
   * @throws MasterKeyUnavailableError
   */
  async seal(tx: Transaction, values: readonly Plain[]): Promise<string[]> {
    if (values.length === 0) return [];
    const uses = new Map<string | null, number>();
    for (const { place } of values) {
      uses.set(place.tenant_id, (uses.get(place.tenant_id) ?? 0) + 1);
    }
    const wanted = [...uses].map(([tenant_id, count]) => ({ tenant_id, uses: count }));
    const keys = await this.keys.forSealing(tx, wanted);
    return values.map(({ place, plaintext }) =>
      seal(keys.get(place.tenant_id) as DataKey, place, plaintext),
    );
  }

  /**
   * Decrypts values, in their order, with keys that were read together with them. One that does not
   * decrypt is no error, so that it fails alone.
   */
  async open(values: readonly Sealed[], rows: readonly DataKeyRow[]): Promise<Opened[]> {
    const needed = new Set(values.map(({ place, sealed }) => keyName(place, versionOf(sealed))));
    const keys = new Map<string, DataKey | null>();
    for (const row of rows) {
      const name = keyName(row, row.version);
      if (needed.has(name)) keys.set(name, await this.keys.unwrap(row).catch(() => null));
    }
    return values.map(({ place, sealed }) => {
      const key = keys.get(keyName(place, versionOf(sealed)));
      const plaintext = key === undefined || key === null ? null : open(key, place, sealed);
      return { plaintext, unavailable: key === null };
    });
  }

  /**
   * Decrypts the value of a place.
   *
   * @param read reads it from the database; called again where a rotation came in between
   * @throws DecryptionFailedError
   */
  async reveal(sql: Sql, place: Place, read: () => Promise<string>): Promise<string> {
    for (let last: string | null = null; ;) {
      const sealed = await read();
      const rows = await this.store.find(sql, place.tenant_id);
      const [opened] = await this.open([{ place, sealed }], rows);
      if (opened?.plaintext != null) return opened.plaintext;
      if (sealed === last) throw new DecryptionFailedError(place.table, place.column, place.row);
      last = sealed;
    }
  }
}

function keyName({ tenant_id }: { tenant_id: string | null }, version: number | null): string {
  return `${tenant_id}|${version}`;
}
