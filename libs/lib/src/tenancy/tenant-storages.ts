import { Injectable } from "@nestjs/common";
import { IsolationNotAllowedError, type IsolationStrategy } from "@stratum-hq/core";
import type { Caller } from "../context/caller";
import type { Transaction } from "../persistence/transaction";
import type { TenantRow } from "./tenant-row";
import type { TenantStorage } from "./tenant-storage";

/** Makes tenants active whose storage no transaction can make. */
export interface DeferredProvisioning {
  /** Writes what is to be done for tenants that the transaction has inserted as `provisioning`. */
  start(tx: Transaction, tenants: readonly TenantRow[], caller: Caller): Promise<void>;
  /** Does it, after the commit; what it failed with, by tenant. */
  finish(tenantIds: readonly string[]): Promise<ReadonlyMap<string, unknown>>;
}

/** The storages that tenants can have. Isolation registers them: a tenant is created without knowing of it. */
@Injectable()
export class TenantStorages {
  readonly #storages = new Map<IsolationStrategy, TenantStorage>();

  #deferred: DeferredProvisioning | null = null;

  /** Registers what makes databases. */
  defer(deferred: DeferredProvisioning): void {
    this.#deferred = deferred;
  }

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
    const waiting = tenants.filter(({ status }) => status === "provisioning");
    if (waiting.length > 0) await this.#deferred?.start(tx, waiting, caller);
  }

  /**
   * Makes what a tenant lacks: within the transaction, or by what {@link finish} does after it. Whether
   * anything is or was lacking.
   */
  async repair(tx: Transaction, tenant: TenantRow, caller: Caller): Promise<boolean> {
    const { isolation_strategy, status } = tenant;
    const isWaiting = status === "provisioning";
    const isLacking = await this.of(isolation_strategy).provision(tx, [tenant], caller);
    if (!isWaiting && !isLacking) return false;
    if (isWaiting || isolation_strategy === "DB_PER_TENANT")
      await this.#deferred?.start(tx, [tenant], caller);
    return true;
  }

  /** Makes tenants active that are `provisioning`, after the commit; what that failed with, by tenant. */
  async finish(tenantIds: readonly string[]): Promise<ReadonlyMap<string, unknown>> {
    return (await this.#deferred?.finish(tenantIds)) ?? new Map<string, unknown>();
  }
}
