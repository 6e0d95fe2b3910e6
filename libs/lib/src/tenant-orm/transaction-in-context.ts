import type { TransactionHost } from "@nestjs-cls/transactional";
import type { TenantClient } from "@stratum-hq/db-adapters";
import { tenantClientOf } from "@stratum-hq/db-adapters/typeorm";
import { EntityManager } from "typeorm";

let host: TransactionHost | null = null;

/**
 * Says that an application of this process has `@Transactional()`: before, nothing looks for transactions. All
 * its hosts without a name keep them in one place, so that the last one knows those of all.
 */
export function hostTransactions(transactions: TransactionHost): void {
  host = transactions;
}

/** The manager of the transaction that `@Transactional()` began around the running code; null outside of one. */
export function managerInContext(): EntityManager | null {
  if (host === null || !host.isTransactionActive()) return null;
  const tx = host.tx as unknown;
  return tx instanceof EntityManager ? tx : null;
}

/** The tenant's client under that transaction, for statements beside its entities. */
export function transactionInContext(): Promise<TenantClient> | null {
  const manager = managerInContext();
  return manager === null ? null : tenantClientOf(manager);
}
