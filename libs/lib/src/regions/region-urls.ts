import { Injectable } from "@nestjs/common";
import type { Region } from "@stratum-hq/core";
import { Encryption } from "../crypto/encryption";
import { regionPlace } from "./region-url-column";
import type { Sql } from "../persistence/sql";
import type { Transaction } from "../persistence/transaction";
import { RegionUrlStore } from "./region-url.store";

/** Encrypts the database URLs of regions. */
@Injectable()
export class RegionUrls {
  constructor(
    private readonly encryption: Encryption,
    private readonly store: RegionUrlStore,
  ) {}

  /** The ciphertext of a region's URL; null for none. @throws MasterKeyUnavailableError */
  async seal(tx: Transaction, regionId: string, url: string | null): Promise<string | null> {
    if (url === null) return null;
    const place = regionPlace(regionId);
    const [sealed] = await this.encryption.seal(tx, [{ place, plaintext: url }]);
    return sealed ?? null;
  }

  /**
   * What to write in place of a region's URL; undefined where it is the same one, or none is given.
   *
   * @throws MasterKeyUnavailableError
   */
  async change(
    tx: Transaction,
    { id, database_url }: Region,
    url: string | null | undefined,
  ): Promise<string | null | undefined> {
    if (url === undefined || (url === null && database_url === null)) return undefined;
    if (url !== null && url === (await this.current(tx, id))) return undefined;
    return this.seal(tx, id, url);
  }

  /** The URL of a region; null where it has none. @throws DecryptionFailedError */
  async reveal(sql: Sql, regionId: string): Promise<string | null> {
    if ((await this.store.find(sql, regionId)) === null) return null;
    const read = async (): Promise<string> => (await this.store.find(sql, regionId)) ?? "";
    return this.encryption.reveal(sql, regionPlace(regionId), read);
  }

  /** The URL; null where there is none, or it does not decrypt and may be replaced. */
  private async current(tx: Transaction, regionId: string): Promise<string | null> {
    return this.reveal(tx, regionId).catch(() => null);
  }
}
