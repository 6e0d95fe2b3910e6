import { TenantContextMissingError } from "@stratum-hq/core";
import { ClsServiceManager } from "nestjs-cls";

/** The tenant that code runs for. */
export interface TenantContext {
  readonly tenant_id: string;
  /** Ids from the root to the tenant itself. */
  readonly chain: readonly string[];
}

const TENANT = Symbol("stratum.tenant");

/** Runs `work` with a tenant in context. */
export function runInContext<T>(context: TenantContext, work: () => T): T {
  const cls = ClsServiceManager.getClsService();
  return cls.run({ ifNested: "inherit" }, () => {
    cls.set(TENANT, context);
    return work();
  });
}

/** The tenant in context, or null outside of one. */
export function currentTenantContext(): TenantContext | null {
  const cls = ClsServiceManager.getClsService();
  return (cls.isActive() ? cls.get<TenantContext | undefined>(TENANT) : undefined) ?? null;
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
