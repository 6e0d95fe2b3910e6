import type { ArgumentsHost, ExceptionFilter } from "@nestjs/common";
import { Catch } from "@nestjs/common";
import { APP_FILTER, HttpAdapterHost } from "@nestjs/core";
import { ApiKeyResolver, HeaderResolver, Stratum, type Tenant } from "@stratum-hq/lib";
import { Client } from "pg";
import { ContextController, here, seen } from "./support/context-controller";
import { ask, codeIn, FRAMEWORKS, startTenantApp, type TenantApp } from "./support/tenant-app";
import { useStratum } from "./support/use-stratum";

/** The application's own rendering of what it throws. */
@Catch(Error)
class TellingFilter implements ExceptionFilter {
  constructor(private readonly host: HttpAdapterHost) {}
  catch(error: Error & { code?: string }, host: ArgumentsHost): void {
    const answer = { tenant: here(), message: error.message, code: error.code ?? null };
    this.host.httpAdapter.reply(host.switchToHttp().getResponse(), answer, 418);
  }
}

describe.each(FRAMEWORKS)("a request's context on %s", (framework) => {
  const t = useStratum({ max: 10 });
  let served: TenantApp;
  let a: Tenant;
  let b: Tenant;
  let child: Tenant;
  let keyOf: Record<string, string>;

  const as = (tenant: Tenant, extra: Record<string, string> = {}) => ({
    "x-api-key": keyOf[tenant.id] ?? "",
    ...extra,
  });

  beforeAll(async () => {
    const grown = await t.grow(["a", ["child"]]);
    [a, child] = [grown.a!, grown.child!];
    b = (await t.grow(["b"])).b!;
    await t.stratum.setConfig(a.id, "theme", { value: "dark" });
    keyOf = {};
    for (const { id } of [a, b, child]) {
      const scopes = id === b.id ? ["config:read", "config:write"] : ["config:read"];
      const key = await t.stratum.createApiKey(id, { scopes });
      keyOf[id] = key.plaintext_key;
    }
    served = await startTenantApp(
      framework,
      {
        options: {
          pool: t.pool,
          http: { resolvers: [new ApiKeyResolver(), new HeaderResolver()] },
        },
        controllers: [ContextController],
      },
      (app) =>
        app.use((_: unknown, __: unknown, next: () => void) => {
          seen.middleware = here();
          next();
        }),
    );
  });
  afterAll(() => served.app.close());

  it("is seen by middleware, guards, interceptors, pipes, handlers and parameters", async () => {
    const answer = await ask(`${served.url}/body/x`, {
      method: "POST",
      headers: { ...as(a), "content-type": "application/json" },
      body: JSON.stringify({ n: 1 }),
    });
    expect(answer).toMatchObject({ status: 201, body: { id: "x", n: 1, tenant: a.id } });
    const { middleware, guard, before, after, pipe } = seen;
    expect({ middleware, guard, before, after, pipe }).toEqual({
      ...{ middleware: a.id, guard: a.id, before: a.id, after: a.id, pipe: a.id },
    });
    const { body } = await served.get("/who", as(child));
    expect(body).toMatchObject({
      tenant: { tenant_id: child.id, chain: [a.id, child.id] },
      id: child.id,
      actor: { actor_type: "api_key", tenant_id: child.id, scopes: ["config:read"] },
      theme: "dark",
      limit: 10,
    });
    expect((await served.get("/passthrough", as(b))).headers.get("x-seen")).toBe(b.id);
  });

  it("is there for a body that arrives in pieces", async () => {
    const pieces = async function* () {
      for (const piece of ['{"n":', "4", "}"]) {
        await new Promise((done) => setTimeout(done, 5));
        yield new TextEncoder().encode(piece);
      }
    };
    const answer = await ask(`${served.url}/body/y`, {
      method: "POST",
      headers: { ...as(b), "content-type": "application/json" },
      body: ReadableStream.from(pieces()),
      duplex: "half",
    });
    expect(answer.body).toEqual({ id: "y", n: 4, tenant: b.id });
  });

  it("lasts to the last chunk of a stream", async () => {
    const [first, second] = await Promise.all([
      served.get("/stream", as(a)),
      served.get("/stream", as(b)),
    ]);
    for (const [{ body }, { id }] of [[first, a] as const, [second, b] as const]) {
      const tenants = (body as string)
        .trimEnd()
        .split("\n")
        .map((line) => line.split(" ")[0]);
      expect(tenants).toHaveLength(200);
      expect(new Set(tenants)).toEqual(new Set([id]));
    }
  });

  it("is the actor's of every call of Stratum, with the request's id and address", async () => {
    const answer = await served.get("/config", as(b, { "x-request-id": "of-the-client" }));
    expect(answer).toMatchObject({ status: 200, body: { theme: "set" } });
    const [entry] = await t.stratum.queryAuditLogs({ tenant_id: b.id, resource_type: "config" });
    expect(entry).toMatchObject({ actor_type: "api_key", source_ip: "127.0.0.1" });
    expect(entry?.request_id).toMatch(framework === "express" ? /^of-the-client$/ : /^req-/);
  });

  it("has what RequireScope and RequirePermission ask", async () => {
    expect(codeIn(await served.get("/scoped", as(a)))).toEqual([403, "FORBIDDEN"]);
    expect(codeIn(await served.get("/permitted", as(a)))).toEqual([403, "FORBIDDEN"]);
    await t.stratum.createPermission(a.id, { key: "reports" });
    let answer = await served.get("/permitted", as(child));
    // Another process granted it.
    while (answer.status !== 200) answer = await served.get("/permitted", as(child));
    expect(answer.body).toEqual({ tenant: child.id });
    expect((await served.get("/permitted", as(b))).status).toBe(403);
  });

  it("is nobody's where a handler is public and nobody is authenticated", async () => {
    expect((await served.get("/public")).body).toEqual({ tenant: null, actor: null });
    expect((await served.get("/public", as(a))).body).toMatchObject({ tenant: a.id });
    const forged = { "x-api-key": "sk_live_x" };
    expect((await served.get("/public", forged)).body).toEqual({ tenant: null, actor: null });
    const foreign = as(a, { "x-tenant-id": b.id });
    expect((await served.get("/public", foreign)).body).toEqual({ tenant: null, actor: null });
    expect(codeIn(await served.get("/public-scoped"))).toEqual([401, "UNAUTHORIZED"]);
    expect((await served.get("/public-scoped", as(b))).body).toEqual({ tenant: b.id });
  });

  it("is not left behind on a connection", async () => {
    for (const headers of [as(a), {}, as(b), {}]) {
      const { body } = await served.get("/public", headers);
      expect((body as { tenant: unknown }).tenant === null).toBe(!("x-api-key" in headers));
    }
    expect(Stratum.currentTenantContext()).toBeNull();
  });

  it("is read from the database once, and known from then on", async () => {
    const requests = [as(a), as(a, { "x-tenant-id": child.slug })];
    for (const headers of requests) await served.get("/public", headers);
    // What is known is right for half a second: on a machine that stands still, no time passes either.
    const now = jest.spyOn(performance, "now").mockReturnValue(performance.now());
    const query = jest.spyOn(Client.prototype, "query");
    for (let n = 0; n < 20; n += 1) {
      for (const headers of requests) {
        expect((await served.get("/public", headers)).status).toBe(200);
      }
    }
    // What remains are looks at the change feed, and the key's last use.
    const texts = query.mock.calls.map(([sent]) => (sent as unknown as { text?: string }).text);
    query.mockRestore();
    now.mockRestore();
    expect(texts.filter((text) => /from stratum\.(tenants|api_keys)\b/.test(text ?? ""))).toEqual(
      [],
    );
  });

  it("is the one in which the application renders its errors, also the guard's", async () => {
    const app = await startTenantApp(framework, {
      options: { pool: t.pool, http: { resolvers: [new ApiKeyResolver()] } },
      controllers: [ContextController],
      providers: [{ provide: APP_FILTER, useClass: TellingFilter }],
    });
    expect(await app.get("/fail", as(a))).toMatchObject({
      status: 418,
      body: { tenant: a.id, message: "of the application" },
    });
    expect(await app.get("/who")).toMatchObject({
      status: 418,
      body: { tenant: null, code: "UNAUTHORIZED" },
    });
    await app.app.close();
  });
});
