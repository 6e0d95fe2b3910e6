import { Injectable } from "@nestjs/common";
import { randomBytes } from "node:crypto";
import { Database } from "../persistence/database";
import type { Transaction } from "../persistence/transaction";
import { Encryption } from "./encryption";
import { versionOf } from "./envelope";
import { PlatformSecretStore } from "./platform-secret.store";
import { platformSecretPlace } from "./sealed-columns";

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
    const secret = await this.encryption.reveal(
      this.database,
      platformSecretPlace(name),
      async () => textOf((await this.store.find(this.database, name)) ?? ""),
    );
    return Buffer.from(secret, "hex");
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
