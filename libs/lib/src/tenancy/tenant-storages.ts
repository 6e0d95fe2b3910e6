import { Injectable } from "@nestjs/common";
import { IsolationNotAllowedError, type IsolationStrategy } from "@stratum-hq/core";
import type { Caller } from "../context/caller";
import type { Transaction } from "../persistence/transaction";
import type { TenantRow } from "./tenant-row";
import type { TenantStorage } from "./tenant-storage";

/** The storages that tenants can have. Isolation registers them: a tenant is created without knowing of it. */
@Injectable()
export class TenantStorages {
  readonly #storages = new Map<IsolationStrategy, TenantStorage>();

  register(storage: TenantStorage): void {
    this.#storages.set(storage.strategy, storage);
  }

  all(): TenantStorage[] {
    return [...this.#storages.values()];
  }

  /** @throws IsolationNotAllowedError for a strategy that this deployment does not have */
  of(strategy: IsolationStrategy): TenantStorage {
    const storage = this.#storages.get(strategy);
    if (storage === undefined)
      throw new IsolationNotAllowedError(strategy, [...this.#storages.keys()]);
    return storage;
  }

  /** Makes the storage of tenants that the transaction has inserted. @throws IsolationNotAllowedError */
  async provision(tx: Transaction, tenants: readonly TenantRow[], caller: Caller): Promise<void> {
    const strategies = new Set(tenants.map(({ isolation_strategy }) => isolation_strategy));
    for (const strategy of strategies) {
      const those = tenants.filter(({ isolation_strategy }) => isolation_strategy === strategy);
      await this.of(strategy).provision(tx, those, caller);
    }
  }
}
