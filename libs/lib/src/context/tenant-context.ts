import { TenantContextMissingError, type IsolationStrategy } from "@stratum-hq/core";
import { ClsServiceManager } from "nestjs-cls";

/** The tenant that code runs for. */
export interface TenantContext {
  readonly tenant_id: string;
  /** Ids from the root to the tenant itself. */
  readonly chain: readonly string[];
  /** Where its rows are kept: beside all others', in a schema or in a database of its own. */
  readonly isolation_strategy: IsolationStrategy;
  /** The region that it is placed in; null for none. */
  readonly region_id: string | null;
  /** `subtree` where the code may read the rows of the tenants below too. Left out, its own. */
  readonly scope?: "tenant" | "subtree";
}

/** Where the tenant stands in a store of CLS. */
export const TENANT = Symbol("stratum.tenant");

/** A context, until the work that it was entered for has ended; null while none is known. */
export interface Entered {
  context: TenantContext | null;
  ended: boolean;
  /** When somebody last made sure that the tenant may be acted for, on the monotonic clock. */
  lookedAt: number;
}

/** Runs `work` with a tenant in context. */
export function runInContext<T>(context: TenantContext, work: () => Promise<T>): Promise<T> {
  const cls = ClsServiceManager.getClsService();
  const entered: Entered = { context, ended: false, lookedAt: performance.now() };
  return cls.run({ ifNested: "inherit" }, async () => {
    cls.set(TENANT, entered);
    try {
      return await work();
    } finally {
      // What outlives its work finds no tenant: a timer, a listener, a promise that nobody awaited.
      entered.ended = true;
    }
  });
}

/** What the running code has entered; null outside of a context. */
export function currentlyEntered(): Entered | null {
  const cls = ClsServiceManager.getClsService();
  const entered = cls.isActive() ? cls.get<Entered | undefined>(TENANT) : undefined;
  return entered === undefined || entered.ended ? null : entered;
}

/** The tenant in context, or null outside of one. */
export function currentTenantContext(): TenantContext | null {
  return currentlyEntered()?.context ?? null;
}

/**
 * The id of the tenant in context.
 *
 * @throws TenantContextMissingError outside of one
 */
export function currentTenantId(): string {
  const context = currentTenantContext();
  if (context === null) throw new TenantContextMissingError();
  return context.tenant_id;
}
