import { Module, type OnApplicationBootstrap, type Type } from "@nestjs/common";
import { ModuleRef } from "@nestjs/core";
import { RefusalsModule } from "./audit/refusals.module";
import { IsolationStart } from "./isolation/isolation-start";
import { Stratum, type ServiceHost } from "./stratum";
import { STRATUM_OPTIONS, type StratumOptions } from "./stratum-options";
import { FEATURES, StratumServicesModule } from "./stratum-services.module";

/** The facade in a Nest application, which builds and ends the services itself. */
class HostedStratum extends Stratum implements OnApplicationBootstrap {
  readonly #services: ModuleRef;

  constructor(options: StratumOptions, services: ModuleRef) {
    super(options);
    this.#services = services;
  }

  /** The application does not start on a hole between its tenants. */
  async onApplicationBootstrap(): Promise<void> {
    await this.#services.get(IsolationStart, { strict: false }).requireSound();
  }

  protected override boot(): Promise<ServiceHost> {
    return Promise.resolve({
      get: <Service>(type: Type<Service>) => this.#services.get(type, { strict: false }),
      close: () => Promise.resolve(),
    });
  }
}

/**
 * Stratum in a Nest application: `StratumModule.forRoot({ pool })`, or `forRootAsync` with `useFactory`,
 * `useClass` or `useExisting`. Visible to all modules; provides {@link Stratum}. The application's
 * start migrates the database, and its end leaves the pool open.
 */
@Module({
  imports: FEATURES,
  providers: [
    {
      provide: Stratum,
      useFactory: (options: StratumOptions, services: ModuleRef) =>
        new HostedStratum(options, services),
      inject: [STRATUM_OPTIONS, ModuleRef],
    },
  ],
  exports: [Stratum, STRATUM_OPTIONS, RefusalsModule],
})
export class StratumModule extends StratumServicesModule {}
