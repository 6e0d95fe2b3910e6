import type { TransactionalAdapter, TransactionalAdapterOptions } from "@nestjs-cls/transactional";
import { TransactionRequiredError } from "@stratum-hq/core";
import type { TransactionOptions } from "@stratum-hq/db-adapters";
import type { EntityManager } from "typeorm";
import { TenantOrm } from "./tenant-orm";

/**
 * `@Transactional()` of @nestjs-cls/transactional for the tenant in context when the method is called: nested
 * ones are savepoints, and outside of a transaction `tx` throws, where other adapters fall back to a client that
 * belongs to nobody.
 */
export class TenantTransactionalAdapter implements TransactionalAdapter<
  TenantOrm,
  EntityManager,
  TransactionOptions
> {
  readonly connectionToken = TenantOrm;
  /** Its proxy would ask for a transaction when the application starts. */
  readonly supportsTransactionProxy = false;

  readonly optionsFactory = (
    orm: TenantOrm,
  ): TransactionalAdapterOptions<EntityManager, TransactionOptions> => ({
    wrapWithTransaction: (options, work, setTx) => {
      // The pool would find the outer one, and take part in it.
      setTx(undefined);
      return orm.source.tenantTransaction(options, (manager) => {
        setTx(manager);
        return work();
      });
    },
    wrapWithNestedTransaction: (_, work, setTx, outer) =>
      outer.transaction((manager) => {
        setTx(manager);
        return work();
      }),
    getFallbackInstance: () => {
      throw new TransactionRequiredError("tx");
    },
  });
}
