import { Inject, Injectable } from "@nestjs/common";
import { MasterKeyUnavailableError, StratumError } from "@stratum-hq/core";
import { LRUCache } from "lru-cache";
import { randomBytes } from "node:crypto";
import { IdGenerator } from "../persistence/id-generator";
import { TransactionRestart, type Transaction } from "../persistence/transaction";
import { DataKeyStore, type DataKeyRow, type KeyUse } from "./data-key.store";
import { KEY_BYTES, type DataKey } from "./envelope";
import { KEY_PROVIDER, type KeyContext, type KeyProvider } from "./key-provider";

/** Unwrapped data keys that a process keeps: 32 bytes each. */
const MAX_UNWRAPPED = 10_000;

/** The owner of the platform's key, in contexts. */
const PLATFORM = "platform";

/** The data keys of tenants and of the platform: made, unwrapped, and kept in memory once they are. */
@Injectable()
export class DataKeys {
  readonly #unwrapped = new LRUCache<string, Uint8Array>({ max: MAX_UNWRAPPED });

  constructor(
    @Inject(KEY_PROVIDER) private readonly provider: KeyProvider,
    private readonly store: DataKeyStore,
    private readonly ids: IdGenerator,
  ) {}

  /**
   * The key that each tenant's values are encrypted with now; made where there is none or it is used up.
   * Stays what it is until the transaction ends.
   *
   * @throws MasterKeyUnavailableError
   */
  async forSealing(
    tx: Transaction,
    wanted: readonly KeyUse[],
  ): Promise<ReadonlyMap<string | null, DataKey>> {
    const found = new Map<string | null, DataKeyRow>();
    const missing = (): KeyUse[] => wanted.filter(({ tenant_id }) => !found.has(tenant_id));
    const use = async (): Promise<void> => {
      for (const row of await this.store.use(tx, missing())) found.set(row.tenant_id, row);
    };
    await use();
    // A key that a rotation destroyed while it was waited for has a successor.
    if (missing().length > 0) await use();
    if (missing().length > 0) {
      await this.add(tx, missing());
      await use();
    }
    if (missing().length > 0) throw new TransactionRestart("a data key was destroyed meanwhile");
    const unwrapped = [...found].map(
      async ([owner, row]) => [owner, await this.unwrap(row)] as const,
    );
    return new Map(await Promise.all(unwrapped));
  }

  /** @throws MasterKeyUnavailableError */
  async unwrap(row: DataKeyRow): Promise<DataKey> {
    const known = this.#unwrapped.get(row.id);
    if (known !== undefined) return { version: row.version, key: known };
    const wrapped = { key_id: row.master_key_id, ciphertext: row.wrapped };
    const key = await translated(row, () => this.provider.unwrap(wrapped, contextOf(row)));
    this.#unwrapped.set(row.id, key);
    return { version: row.version, key };
  }

  /** Drops keys that were destroyed from this process's memory; from the others' they go as they age. */
  forget(ids: readonly string[]): void {
    for (const id of ids) this.#unwrapped.delete(id);
  }

  /**
   * Wraps a data key under the master key that is current now.
   *
   * @throws MasterKeyUnavailableError
   */
  async rewrap(row: DataKeyRow): Promise<DataKeyRow> {
    const { key } = await this.unwrap(row);
    const wrapped = await translated(row, () => this.provider.wrap(key, contextOf(row)));
    return { ...row, master_key_id: wrapped.key_id, wrapped: wrapped.ciphertext };
  }

  /**
   * Adds a version to the key of each tenant.
   *
   * @returns the version of each
   * @throws MasterKeyUnavailableError
   */
  async add(
    tx: Transaction,
    owners: readonly Pick<KeyUse, "tenant_id">[],
  ): Promise<ReadonlyMap<string | null, number>> {
    const newest = new Map(
      (await this.store.newestVersions(tx, owners)).map((row) => [row.tenant_id, row.version]),
    );
    const versions = new Map(
      owners.map(({ tenant_id }) => [tenant_id, (newest.get(tenant_id) ?? 0) + 1]),
    );
    const made = [...versions].map(async ([owner, version]) => this.make(owner, version));
    await this.store.insert(tx, await Promise.all(made));
    return versions;
  }

  private async make(tenant_id: string | null, version: number): Promise<DataKeyRow> {
    const id = this.ids.next();
    const row = { id, tenant_id, version, master_key_id: "current" };
    const { key_id, ciphertext } = await translated(row, () =>
      this.provider.wrap(randomBytes(KEY_BYTES), contextOf(row)),
    );
    return { ...row, master_key_id: key_id, wrapped: ciphertext };
  }
}

/** What a data key belongs to, as its master key is told. */
function contextOf({ tenant_id, version }: Pick<DataKeyRow, "tenant_id" | "version">): KeyContext {
  return { tenant_id: tenant_id ?? PLATFORM, version: String(version) };
}

async function translated<T>(
  row: Pick<DataKeyRow, "master_key_id">,
  call: () => Promise<T>,
): Promise<T> {
  try {
    return await call();
  } catch (error) {
    if (error instanceof StratumError) throw error;
    throw new MasterKeyUnavailableError(row.master_key_id, error);
  }
}
