import { TransactionHost } from "@nestjs-cls/transactional";
import type { TenantClient } from "@stratum-hq/db-adapters";
import { tenantClientOf } from "@stratum-hq/db-adapters/typeorm";
import { EntityManager } from "typeorm";

let isHosted = false;

/** Says that an application of this process has `@Transactional()`: before, nothing looks for transactions. */
export function hostTransactions(): void {
  isHosted = true;
}

/** The manager of the transaction that `@Transactional()` began around the running code; null outside of one. */
export function managerInContext(): EntityManager | null {
  if (!isHosted) return null;
  const host = TransactionHost.getInstance();
  if (!host.isTransactionActive()) return null;
  const tx = host.tx as unknown;
  return tx instanceof EntityManager ? tx : null;
}

/** The tenant's client under that transaction, for statements beside its entities. */
export function transactionInContext(): Promise<TenantClient> | null {
  const manager = managerInContext();
  return manager === null ? null : tenantClientOf(manager);
}
