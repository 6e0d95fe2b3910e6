import { MasterKeyFileUnusableError } from "@stratum-hq/core";
import { randomBytes, randomUUID } from "node:crypto";
import { link, mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import { KEY_BYTES } from "./envelope";
import type { KeyContext, KeyProvider, WrappedKey } from "./key-provider";
import { MasterKeyring } from "./master-keyring";

/**
 * Master keys in a file: one on each line, the current one first, `#` before a comment. The file is read
 * whenever a data key is wrapped or unwrapped, so that a line added to it counts at once.
 */
export class FileKeyProvider implements KeyProvider {
  /**
   * @param path of the file
   * @param create whether one with a new key is made where there is none: for development
   */
  constructor(
    private readonly path: string,
    private readonly create = false,
  ) {}

  async currentKeyId(): Promise<string> {
    return (await this.keyring()).currentKeyId();
  }

  async wrap(dataKey: Uint8Array, context: KeyContext): Promise<WrappedKey> {
    return (await this.keyring()).wrap(dataKey, context);
  }

  async unwrap(wrapped: WrappedKey, context: KeyContext): Promise<Uint8Array> {
    return (await this.keyring()).unwrap(wrapped, context);
  }

  /** @throws MasterKeyFileUnusableError, MasterKeyInvalidError */
  private async keyring(): Promise<MasterKeyring> {
    const text = (await this.read()) ?? (await this.make());
    const lines = text.split("\n").map((line) => line.replace(/#.*/, "").trim());
    return new MasterKeyring(
      lines.filter((line) => line !== ""),
      this.path,
    );
  }

  private async read(): Promise<string | null> {
    try {
      return await readFile(this.path, "utf8");
    } catch (error) {
      if (this.create && (error as NodeJS.ErrnoException).code === "ENOENT") return null;
      throw new MasterKeyFileUnusableError(this.path, error);
    }
  }

  /** Written aside and linked into place, whole: of several processes that are as early, one's key stays. */
  private async make(): Promise<string> {
    const draft = `${this.path}.${randomUUID()}`;
    try {
      await mkdir(dirname(this.path), { recursive: true, mode: 0o700 });
      await writeFile(draft, `${randomBytes(KEY_BYTES).toString("base64")}\n`, { mode: 0o600 });
      await link(draft, this.path).catch((error: NodeJS.ErrnoException) => {
        if (error.code !== "EEXIST") throw error;
      });
      return await readFile(this.path, "utf8");
    } catch (error) {
      throw new MasterKeyFileUnusableError(this.path, error);
    } finally {
      await rm(draft, { force: true });
    }
  }
}
