import { once } from "node:events";
import { request, type IncomingMessage } from "node:http";
import { json } from "node:stream/consumers";
import {
  ApiKeyResolver,
  HeaderResolver,
  JwtResolver,
  PathResolver,
  SubdomainResolver,
  type AuditEntry,
  type HttpOptions,
  type Tenant,
} from "@stratum-hq/lib";
import { ContextController } from "./support/context-controller";
import { codeIn, FRAMEWORKS, startTenantApp, type TenantApp } from "./support/tenant-app";
import { startIdentityProvider, unsigned, type IdentityProvider } from "./support/tokens";
import { useStratum } from "./support/use-stratum";

const UNKNOWN = "01890000-0000-7000-8000-00000000000f";

describe.each(FRAMEWORKS)("whose request it is, on %s", (framework) => {
  const t = useStratum({ max: 10 });
  let provider: IdentityProvider;
  let a: Tenant;
  let child: Tenant;
  let b: Tenant;
  const apps: TenantApp[] = [];

  async function start(http: Partial<HttpOptions> = {}): Promise<TenantApp> {
    const resolvers = [
      new JwtResolver(provider.options),
      new ApiKeyResolver(),
      new SubdomainResolver({ baseDomain: "example.com" }),
      new PathResolver("/t/:tenant"),
      new HeaderResolver(),
    ];
    const app = await startTenantApp(framework, {
      options: { pool: t.pool, http: { resolvers, ...http } },
      controllers: [ContextController],
    });
    apps.push(app);
    return app;
  }

  beforeAll(async () => {
    provider = await startIdentityProvider();
    const grown = await t.grow(["a", ["child"]]);
    [a, child] = [grown.a!, grown.child!];
    b = (await t.grow(["b_b"])).b_b!;
  });
  afterEach(() => Promise.all(apps.splice(0).map(({ app }) => app.close())));
  afterAll(() => provider.close());

  const jwt = async (tenant: string | null, more: object = {}) => ({
    authorization: `Bearer ${await provider.sign({ tenant_id: tenant, ...more })}`,
  });
  const tenantOf = (answer: { body: unknown }) => (answer.body as { id?: string }).id;
  const entries = async (tenant_id: string | undefined, action: string, count: number) => {
    let found: AuditEntry[] = [];
    while (found.length < count) {
      const query = tenant_id === undefined ? { action } : { action, tenant_id };
      found = await t.stratum.queryAuditLogs(query);
    }
    return found;
  };

  it("is a token's or a key's tenant's, or one below it that the request selects", async () => {
    const app = await start();
    const key = await t.stratum.createApiKey(a.id);
    const credentials = [
      await jwt(a.id),
      { "x-api-key": key.plaintext_key },
      { authorization: `Bearer ${key.plaintext_key}` },
    ];
    for (const credential of credentials) {
      expect(tenantOf(await app.get("/who", credential))).toBe(a.id);
      for (const selector of [child.id, child.slug, child.id.toUpperCase()]) {
        const answer = await app.get("/who", { ...credential, "x-tenant-id": selector });
        expect(answer.body).toMatchObject({ id: child.id, actor: { tenant_id: a.id } });
      }
    }
  });

  it("is selected by its path or its host too, the first resolver's before the others'", async () => {
    const app = await start();
    const credential = await jwt(a.id);
    const byPath = await app.get(`/t/${child.slug}/who`, credential);
    expect(byPath.body).toEqual({ id: child.id, named: child.slug });
    const byHost = async (host: string, more: Record<string, string> = {}) => {
      const { port } = new URL(app.url);
      const headers = { ...credential, host: `${host}:${port}`, ...more };
      const sent = request({ port, host: "127.0.0.1", path: "/who", headers }).end();
      const [response] = (await once(sent, "response")) as [IncomingMessage];
      return json(response) as Promise<{ id?: string; code?: string }>;
    };
    expect(await byHost("child.example.com")).toMatchObject({ id: child.id });
    const header = { "x-tenant-id": a.id };
    expect(await byHost("child.example.com", header)).toMatchObject({ id: child.id });
    expect(await byHost("example.com", header)).toMatchObject({ id: a.id });
    expect(await byHost("b-b.example.com", header)).toMatchObject({ code: "TENANT_NOT_FOUND" });
    const platform = await t.stratum.createApiKey(null, { name: `host-${framework}` });
    const key = { "x-api-key": platform.plaintext_key, authorization: "" };
    expect(await byHost("b-b.example.com", key)).toMatchObject({ id: b.id });
  });

  it("is answered as an unknown tenant's where it selects one elsewhere, and stands in the log", async () => {
    const app = await start();
    const mallory = await jwt(child.id, { sub: `mallory-${framework}` });
    for (const selected of [b.id, b.slug, a.id, UNKNOWN, "nobody", "no slug at all", "%00"]) {
      const answer = await app.get("/who", { ...mallory, "x-tenant-id": selected });
      expect(codeIn(answer)).toEqual([404, "TENANT_NOT_FOUND"]);
      const { detail } = answer.body as { detail: string };
      expect(detail).toContain(`"${selected}"`);
    }
    const probes = await entries(undefined, "access.probed", 2);
    expect(new Set(probes.map(({ resource_id }) => resource_id))).toEqual(new Set([b.id, a.id]));
    expect(probes[0]).toMatchObject({ actor_id: `mallory-${framework}`, source_ip: "127.0.0.1" });
  });

  it("is nobody's where it only selects a tenant, known or not", async () => {
    const app = await start();
    for (const selected of [a.id, b.slug, UNKNOWN, "nobody"]) {
      const answer = await app.get("/who", { "x-tenant-id": selected });
      expect(codeIn(answer)).toEqual([401, "UNAUTHORIZED"]);
      expect(answer.headers.get("www-authenticate")).toBe("Bearer");
      expect(answer.headers.get("content-type")).toContain("application/problem+json");
    }
    expect((await app.get("/public", { "x-tenant-id": a.id })).body).toMatchObject({
      tenant: null,
    });
    expect(codeIn(await app.get("/who"))).toEqual([401, "UNAUTHORIZED"]);
  });

  it("is nobody's with a credential that is not valid, also beside one that is", async () => {
    const app = await start();
    const key = await t.stratum.createApiKey(a.id);
    for (const token of [
      unsigned({ tenant_id: a.id }),
      await provider.sign({ tenant_id: a.id, exp: 1 }),
    ]) {
      const headers = { authorization: `Bearer ${token}`, "x-api-key": key.plaintext_key };
      expect(codeIn(await app.get("/who", headers))).toEqual([401, "UNAUTHORIZED"]);
      expect((await app.get("/public", headers)).body).toEqual({ tenant: null, actor: null });
    }
    await t.stratum.revokeApiKey(key.id);
    let answer = await app.get("/who", { "x-api-key": key.plaintext_key });
    while (answer.status === 200) {
      answer = await app.get("/who", { "x-api-key": key.plaintext_key });
    }
    expect(codeIn(answer)).toEqual([401, "UNAUTHORIZED"]);
    const refused = await entries(undefined, "access.authentication_failed", 1);
    const byToken = refused.find(({ resource_id }) => resource_id === "JwtResolver");
    expect(byToken).toMatchObject({ source_ip: "127.0.0.1", metadata: { code: "UNAUTHORIZED" } });
    const [byKey] = await entries(a.id, "access.authentication_failed", 1);
    expect(byKey).toMatchObject({ resource_id: key.id, source_ip: "127.0.0.1" });
    expect(byKey?.metadata).toMatchObject({ reason: "revoked" });
  });

  it("is shut out where its tenant is suspended or archived, by whichever credential", async () => {
    const app = await start();
    const shut = await t.stratum.createTenant({ name: "shut", parent_id: a.id });
    const key = await t.stratum.createApiKey(shut.id);
    const above = { ...(await jwt(a.id)), "x-tenant-id": shut.id };
    const own = await jwt(shut.id);
    const all = [own, above, { "x-api-key": key.plaintext_key }];
    for (const headers of all) expect((await app.get("/who", headers)).status).toBe(200);
    const until = async (status: number, code: string) => {
      for (const headers of all) {
        let answer = await app.get("/who", headers);
        // Another process changed it: seen as soon as this one looks.
        while (answer.status !== status) answer = await app.get("/who", headers);
        expect(codeIn(answer)).toEqual([status, code]);
      }
      expect((await app.get("/public", own)).body).toEqual({ tenant: null, actor: null });
    };
    await t.stratum.suspendTenant(shut.id);
    await until(403, "TENANT_SUSPENDED");
    await t.stratum.archiveTenant(shut.id);
    await until(410, "TENANT_ARCHIVED");
    const stranger = { ...(await jwt(b.id)), "x-tenant-id": shut.id };
    expect(codeIn(await app.get("/who", stranger))).toEqual([404, "TENANT_NOT_FOUND"]);
    expect(codeIn(await app.get("/who", await jwt(UNKNOWN)))).toEqual([404, "TENANT_NOT_FOUND"]);
  });

  it("is asked for its scopes before anything is said of the tenant", async () => {
    const app = await start();
    const selected = { "x-tenant-id": b.id };
    const weak = { ...(await jwt(a.id, { scopes: ["config:read"] })), ...selected };
    expect(codeIn(await app.get("/scoped", weak))).toEqual([403, "FORBIDDEN"]);
    const strong = { ...(await jwt(a.id, { scopes: ["config:write"] })), ...selected };
    expect(codeIn(await app.get("/scoped", strong))).toEqual([404, "TENANT_NOT_FOUND"]);
  });

  it("is let into what `authorize` allows, and bound to it", async () => {
    const asked: unknown[] = [];
    const app = await start({
      authorize: (request, tenant, actor) => {
        asked.push([request.method, tenant.slug, actor?.actor_id ?? null]);
        return tenant.id === b.id && (actor === null || actor.actor_id === "alice");
      },
    });
    const host = { "x-tenant-id": b.id };
    const anonymous = await app.get("/who", host);
    expect(anonymous.body).toMatchObject({ id: b.id, actor: null });
    expect(codeIn(await app.get("/scoped", host))).toEqual([401, "UNAUTHORIZED"]);
    const member = await app.get("/who", { ...(await jwt(null, { scopes: ["admin"] })), ...host });
    expect(member.body).toMatchObject({ id: b.id, actor: { actor_id: "alice", tenant_id: b.id } });
    expect(asked).toContainEqual(["GET", b.slug, "alice"]);
    for (const headers of [
      { "x-tenant-id": a.id },
      { "x-tenant-id": UNKNOWN },
      { ...(await jwt(null)), "x-tenant-id": a.id },
      { ...(await jwt(null, { sub: "bob" })), ...host },
    ]) {
      expect(codeIn(await app.get("/who", headers))).toEqual([404, "TENANT_NOT_FOUND"]);
    }
    expect(codeIn(await app.get("/who", await jwt(null)))).toEqual([400, "VALIDATION_ERROR"]);
    // Who is bound to a tenant is not asked about.
    const own = { ...(await jwt(a.id)), ...host };
    expect(codeIn(await app.get("/who", own))).toEqual([404, "TENANT_NOT_FOUND"]);
  });

  it("may select no tenant without `authorize`, where its token is bound to none", async () => {
    const app = await start();
    const stranger = await jwt(null, { scopes: ["platform:admin"] });
    const headers = { ...stranger, "x-tenant-id": a.id };
    expect(codeIn(await app.get("/who", headers))).toEqual([404, "TENANT_NOT_FOUND"]);
    // Nor does it have scopes anywhere else.
    expect(codeIn(await app.get("/public-scoped", stranger))).toEqual([403, "FORBIDDEN"]);
  });

  it("may select any tenant where it is the platform's", async () => {
    const app = await start();
    const { plaintext_key } = await t.stratum.createApiKey(null, { name: "platform" });
    const headers = { "x-api-key": plaintext_key };
    expect(codeIn(await app.get("/who", headers))).toEqual([400, "VALIDATION_ERROR"]);
    expect(tenantOf(await app.get("/who", { ...headers, "x-tenant-id": b.id }))).toBe(b.id);
  });

  it("tells nobody what went wrong in the server", async () => {
    const app = await start({
      authorize: () => Promise.reject(new Error("of the application")),
    });
    const answer = await app.get("/who", { "x-tenant-id": b.id });
    expect(answer.status).toBe(500);
    expect(JSON.stringify(answer.body)).not.toContain("application");
  });
});
