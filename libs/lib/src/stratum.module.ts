import { Module, type DynamicModule, type OnApplicationBootstrap, type Type } from "@nestjs/common";
import { ModuleRef } from "@nestjs/core";
import { RefusalsModule } from "./audit/refusals.module";
import { HttpModule } from "./http/http.module";
import { IsolationStart } from "./isolation/isolation-start";
import { SharedTables } from "./isolation/shared-tables";
import { Database } from "./persistence/database";
import { ReadinessModule } from "./persistence/readiness.module";
import { Stratum, type ServiceHost } from "./stratum";
import { STRATUM_OPTIONS, type StratumOptions } from "./stratum-options";
import { FEATURE_MODULES, StratumServicesModule } from "./stratum-services.module";
import type { Entity } from "./tenant-orm/tenant-entities";
import { TenantFeatureModule, type TenantFeatureOptions } from "./tenant-orm/tenant-feature.module";
import { TenantOrm } from "./tenant-orm/tenant-orm";
import { TenantOrmModule } from "./tenant-orm/tenant-orm.module";
import { TransactionsModule } from "./tenant-orm/transactions.module";

/** The facade in a Nest application, which builds and ends the services itself. */
class HostedStratum extends Stratum implements OnApplicationBootstrap {
  readonly #services: ModuleRef;

  constructor(options: StratumOptions, services: ModuleRef) {
    super(options);
    this.#services = services;
  }

  /** The application does not start on a hole between its tenants. */
  async onApplicationBootstrap(): Promise<void> {
    await this.initialize();
  }

  /** A module that was imported before may call from its hooks, earlier than Nest calls those of the services. */
  protected override async boot(): Promise<ServiceHost> {
    const get = <Service>(type: Type<Service>) => this.#services.get(type, { strict: false });
    await get(Database).start();
    await get(TenantOrm).start();
    await get(SharedTables).start();
    await get(IsolationStart).requireSound();
    return { get, close: () => Promise.resolve() };
  }
}

/**
 * Stratum in a Nest application: `StratumModule.forRoot({ pool })`, or `forRootAsync` with `useFactory`,
 * `useClass` or `useExisting`, and `extraProviders` for what those inject. Visible to all modules; provides
 * {@link Stratum}. The application's start migrates the database, and its end leaves the pool open.
 */
@Module({
  imports: [...FEATURE_MODULES, ReadinessModule, HttpModule, TenantOrmModule, TransactionsModule],
  providers: [
    {
      provide: Stratum,
      useFactory: (options: StratumOptions, services: ModuleRef) =>
        new HostedStratum(options, services),
      inject: [STRATUM_OPTIONS, ModuleRef],
    },
  ],
  exports: [Stratum, STRATUM_OPTIONS, RefusalsModule, ReadinessModule, HttpModule],
})
export class StratumModule extends StratumServicesModule {
  /**
   * Declares the entities of a module's tables, which every tenant has, and provides their repositories to it
   * ({@link InjectTenantRepository}).
   */
  static forFeature(
    entities: readonly Entity[],
    options: TenantFeatureOptions = {},
  ): DynamicModule {
    return TenantFeatureModule.forEntities(entities, options);
  }
}
