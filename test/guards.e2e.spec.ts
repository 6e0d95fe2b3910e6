import { once } from "node:events";
import type { ServerResponse } from "node:http";
import { Controller, Get, Module } from "@nestjs/common";
import {
  MessagePattern,
  Server,
  type CustomTransportStrategy,
  type MessageHandler,
} from "@nestjs/microservices";
import { FastifyAdapter, type NestFastifyApplication } from "@nestjs/platform-fastify";
import { Test } from "@nestjs/testing";
import {
  RequirePermission,
  RequireScope,
  runAs,
  Stratum,
  StratumModule,
  type Actor,
  type AuditEntry,
  type Tenant,
} from "@stratum-hq/lib";
import { firstValueFrom, isObservable } from "rxjs";
import { createTestDatabase, type TestDatabase } from "./support/test-database";
import { codeOf } from "./support/use-stratum";

@Controller("reports")
@RequirePermission("reports")
class ReportsController {
  @Get("list")
  list() {
    return "list";
  }

  @Get("export")
  @RequirePermission("reports.export", "export")
  @RequireScope("audit:read")
  export() {
    return "export";
  }

  @MessagePattern("reports.build")
  @RequirePermission("reports.build")
  @RequireScope("config:write")
  build() {
    return "built";
  }
}

@Controller("open")
@RequireScope("tenants:read")
class OpenController {
  @Get()
  open() {
    return "open";
  }

  @Get("closed")
  @RequireScope("tenants:write")
  closed() {
    return "closed";
  }

  @Get("twice")
  @RequireScope("invoices:read")
  @RequireScope("invoices:send")
  twice() {
    return "twice";
  }
}

@Controller("narrower")
@RequireScope("config:read")
class NarrowerController extends OpenController {}

/** A module that imports nothing: the guards find Stratum by themselves. */
@Module({ controllers: [ReportsController, OpenController, NarrowerController] })
class FeatureModule {}

/** A transport without a network: a queue's worker, say, that runs each job on its own. */
class Jobs extends Server implements CustomTransportStrategy {
  listen(done: () => void): void {
    done();
  }
  close(): void {
    this.messageHandlers.clear();
  }
  on(): void {
    throw new Error("emits no events");
  }
  unwrap<T>(): T {
    throw new Error("wraps nothing");
  }
  async run(pattern: string): Promise<unknown> {
    const handler = this.getHandlerByPattern(pattern) as MessageHandler;
    const result: unknown = await handler(null, {});
    return isObservable(result) ? firstValueFrom(result) : result;
  }
}

describe("the guards of permissions and scopes", () => {
  let database: TestDatabase;
  let app: NestFastifyApplication;
  let stratum: Stratum;
  let tenant: Tenant;
  const jobs = new Jobs();
  /** Whom the application's own authentication finds, and where. */
  let request: { actor?: Actor; tenant?: string } = {};

  function enter(work: () => unknown): unknown {
    const { actor, tenant: id } = request;
    const inTenant = () => (id === undefined ? work() : stratum.runInTenant(id, work));
    return actor === undefined ? inTenant() : runAs(actor, inTenant);
  }

  beforeAll(async () => {
    database = await createTestDatabase();
    const module = await Test.createTestingModule({
      imports: [StratumModule.forRoot({ pool: database.pool }), FeatureModule],
    }).compile();
    app = module.createNestApplication<NestFastifyApplication>(new FastifyAdapter(), {
      logger: false,
    });
    // In context until the response is sent: what runInTenant was given ends with its promise.
    app.use((_request: unknown, response: ServerResponse, next: () => void) => {
      const sent = once(response, "close");
      void enter(() => {
        next();
        return sent;
      });
    });
    app.connectMicroservice({ strategy: jobs }, { inheritAppConfig: true });
    await app.init();
    await app.startAllMicroservices();
    stratum = app.get(Stratum);
    tenant = await stratum.createTenant({ name: "t" });
    for (const key of ["reports", "reports.export", "reports.build"]) {
      await stratum.createPermission(tenant.id, { key });
    }
  });
  afterAll(async () => {
    await app.close();
    await database.drop();
  });

  async function get(url: string, as: typeof request): Promise<[status: number, body: string]> {
    request = as;
    const response = await app.inject({ method: "GET", url });
    const body = response.statusCode === 200 ? response.body : "";
    return [response.statusCode, body];
  }

  const actor = (...scopes: string[]): Actor => ({ actor_id: "a", actor_type: "jwt", scopes });

  it("ask for the permissions of the tenant in context, controller's and handler's", async () => {
    const inTenant = { tenant: tenant.id, actor: actor("audit:read") };
    expect(await get("/reports/list", { tenant: tenant.id })).toEqual([200, "list"]);
    expect(await get("/reports/list", {})).toEqual([500, ""]);
    expect(await get("/reports/export", inTenant)).toEqual([403, ""]);
    const policy = await stratum.createPermission(tenant.id, { key: "export" });
    expect(await get("/reports/export", inTenant)).toEqual([200, "export"]);
    await stratum.updatePermission(tenant.id, policy.id, { value: "yes" });
    expect(await get("/reports/export", inTenant)).toEqual([403, ""]);
    await stratum.banPermission(tenant.id, "reports");
    expect(await get("/reports/list", inTenant)).toEqual([403, ""]);
    await stratum.liftPermissionBan(tenant.id, "reports");
    await stratum.createPermission(tenant.id, { key: "reports" });
  });

  it("ask for the scopes of the actor, bundles expanded, and for an actor at all", async () => {
    expect(await get("/open", {})).toEqual([401, ""]);
    expect(await get("/open", { actor: actor() })).toEqual([403, ""]);
    expect(await get("/open", { actor: { actor_id: "a", actor_type: "api_key" } })).toEqual([
      403,
      "",
    ]);
    expect(await get("/open", { actor: actor("read") })).toEqual([200, "open"]);
    expect(await get("/open/closed", { actor: actor("read") })).toEqual([403, ""]);
    expect(await get("/open/closed", { actor: actor("write") })).toEqual([200, "closed"]);
    expect(await get("/open/closed", { actor: actor("platform:admin") })).toEqual([200, "closed"]);
    const bound = { ...actor("platform:admin"), tenant_id: tenant.id };
    expect(await get("/open/closed", { actor: bound })).toEqual([403, ""]);
  });

  it("ask for all that stands at one place, and at the controller that another one extends", async () => {
    const invoices = ["invoices:read", "invoices:send"];
    expect(await get("/open/twice", { actor: actor("read", ...invoices) })).toEqual([200, "twice"]);
    for (const one of invoices) {
      expect(await get("/open/twice", { actor: actor("read", one) })).toEqual([403, ""]);
    }
    expect(await get("/open/twice", { actor: actor(...invoices) })).toEqual([403, ""]);
    expect(await get("/narrower", { actor: actor("tenants:read") })).toEqual([403, ""]);
    expect(await get("/narrower", { actor: actor("config:read") })).toEqual([403, ""]);
    expect(await get("/narrower", { actor: actor("read") })).toEqual([200, "open"]);
  });

  it("do so for what comes by another transport, and for the worker's own context", async () => {
    const run = (as: typeof request) => {
      request = as;
      return codeOf(Promise.resolve(enter(() => jobs.run("reports.build"))));
    };
    expect(await run({ tenant: tenant.id, actor: actor("config:write") })).toBe("ok");
    expect(await run({ tenant: tenant.id, actor: actor("read") })).not.toBe("ok");
    expect(await run({ tenant: tenant.id })).not.toBe("ok");
    expect(await run({ actor: actor("config:write") })).not.toBe("ok");
  });

  it("leave a record of whom they refused, in the log of the tenant", async () => {
    const bound = { ...actor("read"), actor_id: "mallory", tenant_id: tenant.id };
    expect(await get("/open/closed", { actor: bound })).toEqual([403, ""]);
    expect(await get("/reports/export", { actor: bound, tenant: tenant.id })).toEqual([403, ""]);
    let entries: AuditEntry[] = [];
    while (entries.length < 2) {
      entries = await stratum.queryAuditLogs({ tenant_id: tenant.id, actor_id: "mallory" });
    }
    expect(
      entries.map(({ action, resource_id, metadata }) => [action, resource_id, metadata]),
    ).toEqual([
      ["access.denied", "ReportsController.export", { code: "FORBIDDEN" }],
      ["access.denied", "OpenController.closed", { code: "FORBIDDEN", missing: ["tenants:write"] }],
    ]);
  });
});
