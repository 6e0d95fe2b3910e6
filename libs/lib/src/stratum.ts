import type { Type } from "@nestjs/common";
import { NestFactory } from "@nestjs/core";
import { InternalError, StratumClosedError, StratumError } from "@stratum-hq/core";
import {
  currentTenantContext,
  currentTenantId,
  type TenantContext,
} from "./context/tenant-context";
import { OPERATIONS, type Effect, type Operations } from "./operations";
import type { StratumOptions } from "./stratum-options";
import { StratumServicesModule } from "./stratum-services.module";

/** Where the services of one Stratum live, and how they end. */
export interface ServiceHost {
  get<Service>(type: Type<Service>): Service;
  close(): Promise<void>;
}

type Method = (...args: unknown[]) => Promise<unknown>;

/**
 * Hierarchical tenants over the caller's pool: every method of {@link Operations}, each of which
 * rejects with a StratumError. The first call migrates the database and builds the services.
 *
 * @example
 * const stratum = new Stratum({ pool: new Pool() });
 * const root = await stratum.createTenant({ name: "AcmeSec" });
 */
// The methods come from OPERATIONS below; merging declares them where they are documented once.
// eslint-disable-next-line @typescript-eslint/no-unsafe-declaration-merging
export class Stratum {
  readonly #options: StratumOptions;
  readonly #pending = new Set<Promise<unknown>>();
  #host: Promise<ServiceHost> | null = null;
  #closed = false;

  constructor(options: StratumOptions) {
    this.#options = options;
  }

  /** The id of the tenant in context. @throws TenantContextMissingError outside of {@link runInTenant} */
  static currentTenantId(): string {
    return currentTenantId();
  }

  /** The tenant in context, or null outside of {@link runInTenant}. */
  static currentTenantContext(): TenantContext | null {
    return currentTenantContext();
  }

  /**
   * Migrates the database and builds the services, as the first call of any method does. May be called
   * again after a failure.
   *
   * @throws SchemaTooNewError, MigrationPrivilegeMissingError, MigrationRequiredError (autoMigrate off),
   *   MigrationFailedError, DatabaseUnavailableError, StratumClosedError
   */
  async initialize(): Promise<void> {
    await this.host();
  }

  /** Waits for calls under way and refuses later ones. The pool stays the caller's, open. */
  async close(): Promise<void> {
    this.#closed = true;
    const host = await this.#host?.catch(() => null);
    await Promise.allSettled(this.#pending);
    this.#host = null;
    await host?.close();
  }

  /** Builds the services; a Nest application that hosts them overrides this. */
  protected async boot(options: StratumOptions): Promise<ServiceHost> {
    const module = StratumServicesModule.forRoot(options);
    return NestFactory.createApplicationContext(module, { logger: false, abortOnError: false });
  }

  /** Calls a method of a service; {@link OPERATIONS} says which. */
  protected async invoke(name: keyof Operations, args: unknown[]): Promise<unknown> {
    const [type, effect] = OPERATIONS[name];
    const call = this.run(type, effect, name, args);
    this.#pending.add(call);
    try {
      return await call;
    } finally {
      this.#pending.delete(call);
    }
  }

  private async run(type: Type, effect: Effect, name: string, args: unknown[]): Promise<unknown> {
    const host = await this.host();
    const service = host.get(type as Type<Record<string, Method>>);
    try {
      return await (service[name] as Method).apply(service, args);
    } catch (error) {
      if (error instanceof StratumError || effect === "runner") throw error;
      throw new InternalError(error);
    }
  }

  private async host(): Promise<ServiceHost> {
    if (this.#closed) throw new StratumClosedError();
    this.#host ??= this.boot(this.#options);
    const booting = this.#host;
    try {
      return await booting;
    } catch (error) {
      if (this.#host === booting) this.#host = null;
      throw error instanceof StratumError ? error : new InternalError(error);
    }
  }
}

// eslint-disable-next-line @typescript-eslint/no-unsafe-declaration-merging, @typescript-eslint/no-empty-object-type
export interface Stratum extends Operations {}

for (const name of Object.keys(OPERATIONS) as (keyof Operations)[]) {
  Object.defineProperty(Stratum.prototype, name, {
    configurable: true,
    writable: true,
    value: {
      [name](this: Stratum, ...args: unknown[]) {
        return this["invoke"](name, args);
      },
    }[name],
  });
}
