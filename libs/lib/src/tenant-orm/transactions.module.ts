import { Module, type OnApplicationBootstrap } from "@nestjs/common";
import { ModuleRef } from "@nestjs/core";
import { ClsPluginTransactional, TransactionHost } from "@nestjs-cls/transactional";
import { ValidationError } from "@stratum-hq/core";
import { ClsModule } from "nestjs-cls";
import { TenantOrmModule } from "./tenant-orm.module";
import { TenantTransactionalAdapter } from "./tenant-transactional-adapter";
import { hostTransactions } from "./transaction-in-context";

/** `@Transactional()` without a name is the tenants'. */
@Module({
  imports: [
    ClsModule.registerPlugins([
      new ClsPluginTransactional({
        imports: [TenantOrmModule],
        adapter: new TenantTransactionalAdapter(),
      }),
    ]),
  ],
})
export class TransactionsModule implements OnApplicationBootstrap {
  constructor(
    private readonly modules: ModuleRef,
    transactions: TransactionHost,
  ) {
    hostTransactions(transactions);
  }

  /** @throws ValidationError where another plugin took the same name: nobody could say whose a transaction is */
  onApplicationBootstrap(): void {
    const hosts = this.modules.get(TransactionHost, { strict: false, each: true });
    if (hosts.length === 1) return;
    const message = "give it a connectionName: @Transactional() without one is the tenants'";
    throw new ValidationError("StratumModule", [{ path: "ClsPluginTransactional", message }]);
  }
}
