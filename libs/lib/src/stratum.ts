import type { Type } from "@nestjs/common";
import { NestFactory } from "@nestjs/core";
import { InternalError, StratumClosedError, StratumError, type StratumApi } from "@stratum-hq/core";
import type { Readable } from "node:stream";
import {
  currentTenantContext,
  currentTenantId,
  type TenantContext,
} from "./context/tenant-context";
import { IsolationStart } from "./isolation/isolation-start";
import { ApiCalls } from "./api/api-calls";
import type { LocalApi } from "./api/local-api";
import { METHODS, type MethodName } from "./api/required-scopes";
import type { StratumOptions } from "./stratum-options";
import { StratumServicesModule } from "./stratum-services.module";
import { validOptions } from "./valid-options";

/** Where the services of one Stratum live, and how they end. */
export interface ServiceHost {
  get<Service>(type: Type<Service>): Service;
  close(): Promise<void>;
}

/**
 * Hierarchical tenants over the caller's pool: every method of {@link StratumApi} and {@link LocalApi}, each of which
 * rejects with a StratumError. The first call migrates the database and builds the services.
 *
 * @example
 * const stratum = new Stratum({ pool: new Pool() });
 * const root = await stratum.createTenant({ name: "AcmeSec" });
 */
// The methods come from METHODS below; merging declares them where they are documented once.
// eslint-disable-next-line @typescript-eslint/no-unsafe-declaration-merging
export class Stratum {
  readonly #options: StratumOptions;
  #host: Promise<ServiceHost> | null = null;
  /** The way to the services, once they are built. */
  #calls: ApiCalls | null = null;
  #running = 0;
  #closed = false;
  /** Resolves {@link close} when the last call under way has ended. */
  #onIdle: (() => void) | null = null;

  /** @throws ValidationError naming each option that is unknown, missing or wrong */
  constructor(options: StratumOptions) {
    this.#options = validOptions(options);
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
   *   MigrationFailedError, DatabaseUnavailableError, StratumClosedError; TenantRoleMissingError,
   *   TenantPoolUnsafeError and IsolationUnsoundError where there are tables of tenants' rows
   */
  async initialize(): Promise<void> {
    await this.host();
  }

  /** Waits for calls under way and refuses later ones. The pool stays the caller's, open. */
  async close(): Promise<void> {
    this.#closed = true;
    const host = await this.#host?.catch(() => null);
    if (this.#running > 0) await new Promise<void>((idle) => (this.#onIdle = idle));
    this.#host = null;
    await host?.close();
  }

  /** Builds the services; a Nest application that hosts them overrides this. */
  protected async boot(options: StratumOptions): Promise<ServiceHost> {
    const module = StratumServicesModule.forRoot(options);
    const silent = { logger: false, abortOnError: false } as const;
    const services = await NestFactory.createApplicationContext(module, silent);
    try {
      await services.get(IsolationStart).requireSound();
    } catch (error) {
      await services.close();
      throw error;
    }
    return services;
  }

  /** Calls a method of a service; {@link METHODS} says what it does. */
  protected async invoke(name: MethodName, args: readonly unknown[]): Promise<unknown> {
    this.#running += 1;
    try {
      const calls = this.#closed ? null : this.#calls;
      return await (calls ?? (await this.bind())).call(name, args);
    } finally {
      this.#running -= 1;
      if (this.#running === 0) this.#onIdle?.();
    }
  }

  private async bind(): Promise<ApiCalls> {
    const host = await this.host();
    this.#calls = host.get(ApiCalls);
    return this.#calls;
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

/** What travels over HTTP as NDJSON is a stream of Node's in process. */
type Streams = "exportTenantStream" | "exportAuditLogs";

// eslint-disable-next-line @typescript-eslint/no-unsafe-declaration-merging
export interface Stratum extends Omit<StratumApi, Streams>, LocalApi {
  exportTenantStream(...args: Parameters<StratumApi["exportTenantStream"]>): Promise<Readable>;
  exportAuditLogs(...args: Parameters<StratumApi["exportAuditLogs"]>): Promise<Readable>;
}

for (const name of Object.keys(METHODS) as MethodName[]) {
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
