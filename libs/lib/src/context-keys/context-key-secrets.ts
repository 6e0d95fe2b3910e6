import { Injectable } from "@nestjs/common";
import { ContextKey } from "@stratum-hq/db-adapters";
import { PlatformSecrets } from "../crypto/platform-secrets";
import type { Sql } from "../persistence/sql";
import type { Transaction } from "../persistence/transaction";

const KEY_BYTES = 32;
/** The secret that is the key which contexts are signed with, and the one which is about to be. */
const CURRENT = "context_signing_key";
const NEXT = "context_signing_key.next";

/** A key as the database has it. */
export interface KeptKey {
  readonly key: ContextKey;
  /** Its ciphertext: while that is the same, the key is. */
  readonly sealed: string | undefined;
}

/** The key that the deployment has made for itself, kept encrypted in the database, and its successor. */
@Injectable()
export class ContextKeySecrets {
  constructor(private readonly secrets: PlatformSecrets) {}

  /** The current key, made by whoever asks first. Takes connections of its own. */
  async findOrCreate(): Promise<KeptKey> {
    const key = new ContextKey(await this.secrets.findOrCreate(CURRENT, KEY_BYTES));
    return { key, sealed: undefined };
  }

  /** The current key, where it is not the one that is known; asked in one round trip where it is. */
  async newer(sql: Sql, known: KeptKey): Promise<KeptKey> {
    const sealed = await this.secrets.sealed(sql, CURRENT);
    // That it was lost changes nothing for those that have it.
    if (sealed === undefined || sealed === known.sealed) return known;
    return { key: new ContextKey(await this.secrets.reveal(sql, CURRENT)), sealed };
  }

  /** The current key, which stays it until the transaction ends: nobody retires it meanwhile. */
  async hold(tx: Transaction): Promise<ContextKey> {
    return new ContextKey(await this.secrets.hold(tx, CURRENT));
  }

  /** The next key, made unless it is there. */
  async next(tx: Transaction): Promise<ContextKey> {
    return new ContextKey(await this.secrets.ensure(tx, NEXT, KEY_BYTES));
  }

  /**
   * Puts the next key in the place of the current one, of which nothing is left; false where that is not the
   * one of this id.
   */
  async replace(tx: Transaction, keyId: string): Promise<boolean> {
    const { id } = new ContextKey(await this.secrets.lock(tx, CURRENT));
    if (id === keyId) await this.secrets.promote(tx, CURRENT, NEXT);
    return id === keyId;
  }
}
