import { AsyncLocalStorage } from "node:async_hooks";
import { TenantContextMissingError } from "@stratum-hq/core";
import type { IdleConnection } from "../placement/placement";
import type { ContextScope } from "./context-signer";

/** Where a pool learns for which tenant the running code works. */
export interface TenantScope {
  /** The id of the tenant. @throws TenantContextMissingError outside of a tenant, or after its work has ended */
  current(): string;
  /** What the running code may read, in the tenant of {@link current}. Left out, that tenant's own rows. */
  reach?(): ContextScope;
  /**
   * Makes certain, before a context is signed, that the tenant of {@link current} may still be acted for. Null
   * where that is so, since a promise more is felt in each statement. Left out, it always may. What it throws or
   * rejects with refuses the statement.
   *
   * @param connection the one that the context is for, idle until then
   */
  certain?(connection: IdleConnection): Promise<void> | null;
  /** Runs `work` for a tenant, and rejects without running it where the tenant may not be entered. */
  run<T>(tenantId: string, work: () => Promise<T>): Promise<T>;
}

interface Entered {
  readonly tenantId: string;
  ended: boolean;
}

/** A scope for programs without a Stratum: it knows no tenants, and lets any id in. */
export class LocalTenantScope implements TenantScope {
  readonly #entered = new AsyncLocalStorage<Entered>();

  current(): string {
    const entered = this.#entered.getStore();
    if (entered === undefined || entered.ended) throw new TenantContextMissingError();
    return entered.tenantId;
  }

  async run<T>(tenantId: string, work: () => Promise<T>): Promise<T> {
    const entered = { tenantId: tenantId.toLowerCase(), ended: false };
    try {
      return await this.#entered.run(entered, work);
    } finally {
      // What outlives its work finds no tenant: a timer, a listener, a promise that nobody awaited.
      entered.ended = true;
    }
  }
}
