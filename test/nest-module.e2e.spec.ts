import {
  Controller,
  Get,
  Global,
  Injectable,
  Module,
  type OnApplicationBootstrap,
  type OnModuleInit,
} from "@nestjs/common";
import { Server, type CustomTransportStrategy } from "@nestjs/microservices";
import { FastifyAdapter, type NestFastifyApplication } from "@nestjs/platform-fastify";
import { NestFactory } from "@nestjs/core";
import {
  ApiKeyResolver,
  CurrentActor,
  CurrentTenant,
  Stratum,
  StratumModule,
  TenantGuard,
  type Actor,
  type Credential,
  type CredentialResolver,
  type StratumOptions,
  type Tenant,
  type TenantRequest,
} from "@stratum-hq/lib";
import type { Pool } from "pg";
import { APP_GUARD } from "@nestjs/core";
import { useStratum } from "./support/use-stratum";

/** The application's own way to tell who sends a request. */
@Injectable()
class Sessions {
  tenantOf(session: unknown): string | null {
    return typeof session === "string" ? session : null;
  }
}

/** A resolver that the application writes, and that has what it injects. */
@Injectable()
class SessionResolver implements CredentialResolver {
  readonly kind = "credential";
  constructor(private readonly sessions: Sessions) {}
  authenticate({ headers }: TenantRequest): Credential | null {
    const tenant_id = this.sessions.tenantOf(headers["x-session"]);
    return tenant_id === null
      ? null
      : { actor: { actor_id: "session", actor_type: "jwt", tenant_id, scopes: ["read"] } };
  }
}

/** A microservice's transport that carries nothing. */
class NoTransport extends Server implements CustomTransportStrategy {
  listen(callback: () => void): void {
    callback();
  }
  close(): void {}
  on(): void {}
  unwrap<T>(): T {
    return this as unknown as T;
  }
}

@Controller("who")
class WhoController {
  @Get()
  who(@CurrentTenant("tenant_id") tenant: string, @CurrentActor() { actor_id }: Actor) {
    return { tenant, actor_id };
  }

  @Get("plain")
  plain() {
    return { tenant: Stratum.currentTenantContext()?.tenant_id ?? null };
  }
}

@Module({ controllers: [WhoController], providers: [Sessions, SessionResolver] })
class FeatureModule {}

/** Where the host keeps what the options are made of. */
class Connections {
  static pool: Pool;
  readonly pool = Connections.pool;
}

@Injectable()
class Options {
  constructor(private readonly connections: Connections) {}
  create(): StratumOptions {
    return { pool: this.connections.pool, http: { resolvers: [SessionResolver] } };
  }
}

@Module({ providers: [Connections, Options], exports: [Connections, Options] })
class OptionsModule {}

const extraProviders = [Connections];
const registrations = {
  "forRoot with extraProviders": () =>
    StratumModule.forRoot({
      pool: Connections.pool,
      http: { resolvers: [SessionResolver] },
      extraProviders,
    }),
  "forRootAsync with useFactory": () =>
    StratumModule.forRootAsync({
      imports: [OptionsModule],
      inject: [Connections],
      useFactory: async ({ pool }: Connections) =>
        Promise.resolve({ pool, http: { resolvers: [SessionResolver] } }),
    }),
  "forRootAsync with useFactory and extraProviders": () =>
    StratumModule.forRootAsync({
      extraProviders,
      inject: [Connections],
      useFactory: ({ pool }: Connections) => ({ pool, http: { resolvers: [SessionResolver] } }),
    }),
  "forRootAsync with useClass and extraProviders": () =>
    StratumModule.forRootAsync({ useClass: Options, extraProviders }),
  "forRootAsync with useExisting": () =>
    StratumModule.forRootAsync({ imports: [OptionsModule], useExisting: Options }),
};

describe("StratumModule", () => {
  const t = useStratum();
  let tenant: Tenant;
  beforeAll(async () => {
    Connections.pool = t.pool;
    tenant = await t.stratum.createTenant({ name: "hosted" });
  });

  async function start(module: object): Promise<NestFastifyApplication> {
    const app = await NestFactory.create<NestFastifyApplication>(
      module as never,
      new FastifyAdapter(),
      { logger: false, abortOnError: false },
    );
    await app.init();
    return app;
  }

  const statusOf = async (app: NestFastifyApplication, url = "/who") =>
    (await app.inject({ method: "GET", url })).statusCode;

  it.each(Object.entries(registrations))("is registered by %s", async (_, register) => {
    @Module({ imports: [register(), FeatureModule] })
    class AppModule {}
    const app = await start(AppModule);
    const headers = { "x-session": tenant.id };
    const answer = await app.inject({ method: "GET", url: "/who", headers });
    expect(answer.json()).toEqual({ tenant: tenant.id, actor_id: "session" });
    expect(await statusOf(app)).toBe(401);
    expect((await app.get(Stratum).getTenant(tenant.id)).id).toBe(tenant.id);
    await app.close();
  });

  it("lets every handler run without a tenant where the guard is off, and none where it is the app's", async () => {
    const http = { resolvers: [], guard: false };
    const unguarded = StratumModule.forRoot({ pool: t.pool, http });
    @Module({ imports: [unguarded, FeatureModule] })
    class OpenModule {}
    @Module({
      imports: [unguarded, FeatureModule],
      providers: [{ provide: APP_GUARD, useClass: TenantGuard }],
    })
    class GuardedModule {}
    const open = await start(OpenModule);
    expect(await statusOf(open, "/who/plain")).toBe(200);
    // The handler's own parameters find nobody.
    expect(await statusOf(open)).toBe(401);
    await open.close();
    const guarded = await start(GuardedModule);
    expect(await statusOf(guarded, "/who/plain")).toBe(401);
    await guarded.close();
  });

  it("does not start with a resolver that nobody provides", async () => {
    const http = { resolvers: [SessionResolver] };
    @Module({ imports: [StratumModule.forRoot({ pool: t.pool, http })] })
    class AppModule {}
    await expect(start(AppModule)).rejects.toThrow("SessionResolver");
  });

  it("leaves applications without `http` as they are", async () => {
    @Module({ imports: [StratumModule.forRoot({ pool: t.pool }), FeatureModule] })
    class AppModule {}
    const app = await start(AppModule);
    const headers = { "x-session": tenant.id };
    const answer = await app.inject({ method: "GET", url: "/who/plain", headers });
    expect(answer.json()).toEqual({ tenant: null });
    await app.close();
  });

  it.each(["application context", "microservice"])("starts an %s with `http`", async (kind) => {
    const http = { resolvers: [new ApiKeyResolver()] };
    @Module({ imports: [StratumModule.forRoot({ pool: t.pool, http })] })
    class AppModule {}
    const quiet = { logger: false, abortOnError: false } as const;
    const app =
      kind === "microservice"
        ? await NestFactory.createMicroservice(AppModule, { ...quiet, strategy: new NoTransport() })
        : await NestFactory.createApplicationContext(AppModule, quiet);
    await app.init();
    expect((await app.get(Stratum).getTenant(tenant.id)).id).toBe(tenant.id);
    await app.close();
  });

  it("serves the hooks of a module that is imported before it", async () => {
    const seen: unknown[] = [];
    @Injectable()
    class EarlyService implements OnModuleInit, OnApplicationBootstrap {
      constructor(private readonly stratum: Stratum) {}
      async onModuleInit(): Promise<void> {
        const { id } = await this.stratum.createTenant({
          name: "early",
          isolation_strategy: "SCHEMA_PER_TENANT",
        });
        seen.push(await this.stratum.runInTenant(id, () => Stratum.currentTenantId() === id));
        await this.stratum.purgeTenant(id);
      }
      async onApplicationBootstrap(): Promise<void> {
        seen.push((await this.stratum.getTenant(tenant.id)).id);
      }
    }
    // Nest calls the hooks of global modules first, in the order of their imports.
    @Global()
    @Module({ providers: [EarlyService] })
    class EarlyModule {}
    @Module({ imports: [EarlyModule, StratumModule.forRoot({ pool: t.pool })] })
    class AppModule {}
    const app = await start(AppModule);
    expect(seen).toEqual([true, tenant.id]);
    await app.close();
  });
});
