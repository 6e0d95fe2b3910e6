import { Injectable } from "@nestjs/common";
import { randomBytes } from "node:crypto";
import { Database } from "../persistence/database";
import type { Sql } from "../persistence/sql";
import type { Transaction } from "../persistence/transaction";
import { Encryption } from "./encryption";
import { versionOf } from "./envelope";
import { PlatformSecretStore } from "./platform-secret.store";
import { platformSecretPlace } from "./platform-secret-column";

/** Secrets of the deployment that it makes for itself, one for all of its processes, encrypted at rest. */
@Injectable()
export class PlatformSecrets {
  constructor(
    private readonly database: Database,
    private readonly store: PlatformSecretStore,
    private readonly encryption: Encryption,
  ) {}

  /**
   * The secret of a name, made by whichever process asks first. Takes a connection of its own.
   *
   * @throws DecryptionFailedError, MasterKeyUnavailableError
   */
  async findOrCreate(name: string, bytes: number): Promise<Buffer> {
    const found = (await this.store.find(this.database, name)) ?? (await this.make(name, bytes));
    // Releases before encryption kept the bytes themselves.
    if (versionOf(textOf(found)) === null) return this.encryptExisting(name, found);
    return this.reveal(this.database, name);
  }

  /**
   * The ciphertext of a secret; undefined where it is not made. While that is the same, the secret is.
   */
  async sealed(sql: Sql, name: string): Promise<string | undefined> {
    return this.store.find(sql, name);
  }

  /** A secret that is made, and encrypted. @throws DecryptionFailedError */
  async reveal(sql: Sql, name: string): Promise<Buffer> {
    const place = platformSecretPlace(name);
    const secret = await this.encryption.reveal(sql, place, async () =>
      textOf((await this.store.find(sql, name)) ?? ""),
    );
    return Buffer.from(secret, "hex");
  }

  /** A secret that is made, and stays what it is until the transaction ends. @throws DecryptionFailedError */
  async hold(tx: Transaction, name: string): Promise<Buffer> {
    await this.store.hold(tx, name);
    return this.reveal(tx, name);
  }

  /** A secret that is made, which nobody else holds until the transaction ends. @throws DecryptionFailedError */
  async lock(tx: Transaction, name: string): Promise<Buffer> {
    await this.store.lock(tx, name);
    return this.reveal(tx, name);
  }

  /** The secret of a name, made unless it is there. @throws MasterKeyUnavailableError, DecryptionFailedError */
  async ensure(tx: Transaction, name: string, bytes: number): Promise<Buffer> {
    if ((await this.store.find(tx, name)) === undefined) {
      await this.store.insert(
        tx,
        name,
        await this.seal(tx, name, randomBytes(bytes).toString("hex")),
      );
    }
    return this.reveal(tx, name);
  }

  /**
   * Puts a secret in the place of one that the transaction has locked.
   *
   * @throws MasterKeyUnavailableError, DecryptionFailedError
   */
  async promote(tx: Transaction, name: string, successor: string): Promise<void> {
    const secret = await this.reveal(tx, successor);
    await this.store.write(tx, name, await this.seal(tx, name, secret.toString("hex")));
    await this.store.delete(tx, successor);
  }

  /** The secret as it is kept: another process's, if that was faster. */
  private async make(name: string, bytes: number): Promise<string> {
    await this.database.transaction(async (tx) => {
      const sealed = await this.seal(tx, name, randomBytes(bytes).toString("hex"));
      await this.store.insert(tx, name, sealed);
    });
    return (await this.store.find(this.database, name)) as string;
  }

  private async encryptExisting(name: string, hex: string): Promise<Buffer> {
    await this.database.transaction(async (tx) => {
      await this.store.replace(tx, name, hex, await this.seal(tx, name, hex));
    });
    return Buffer.from(hex, "hex");
  }

  private async seal(tx: Transaction, name: string, plaintext: string): Promise<string> {
    const place = platformSecretPlace(name);
    const [sealed = ""] = await this.encryption.seal(tx, [{ place, plaintext }]);
    return Buffer.from(sealed).toString("hex");
  }
}

function textOf(hex: string): string {
  return Buffer.from(hex, "hex").toString("latin1");
}
