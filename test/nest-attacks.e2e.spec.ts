import { once } from "node:events";
import { request, type IncomingMessage } from "node:http";
import { text } from "node:stream/consumers";
import type { INestApplication } from "@nestjs/common";
import {
  ApiKeyResolver,
  enableRls,
  HeaderResolver,
  PathResolver,
  type HttpOptions,
  type Tenant,
} from "@stratum-hq/lib";
import { AttackedController, outlived } from "./support/attacked-controller";
import { NamedTenantController } from "./support/named-tenant-controller";
import { codeIn, FRAMEWORKS, startTenantApp, type TenantApp } from "./support/tenant-app";
import { codeOf, useStratum } from "./support/use-stratum";

describe.each(FRAMEWORKS)("a tenant's rows, by HTTP on %s", (framework) => {
  const t = useStratum({ max: 10 });
  let app: TenantApp;
  let tenants: { parent: Tenant; left: Tenant; right: Tenant };
  let stranger: Tenant;
  const keys: Record<string, { "x-api-key": string }> = {};

  beforeAll(async () => {
    const grown = await t.grow(["parent", ["left"], ["right"]]);
    tenants = grown as typeof tenants;
    stranger = (await t.grow(["stranger"])).stranger!;
    const client = await t.pool.connect();
    await client.query(
      "create table public.tickets (id uuid primary key default gen_random_uuid(), title text)",
    );
    await enableRls(client, "tickets");
    client.release();
    const pool = await t.stratum.tenantPool();
    for (const { id, name } of [...Object.values(grown), stranger]) {
      await t.stratum.runInTenant(id, () =>
        pool.query("insert into tickets (title) values ($1)", [name]),
      );
      const { plaintext_key } = await t.stratum.createApiKey(id);
      keys[name] = { "x-api-key": plaintext_key };
    }
    app = await startTenantApp(framework, {
      options: {
        pool: t.pool,
        http: { resolvers: [new ApiKeyResolver(), new HeaderResolver()] },
      },
      controllers: [AttackedController],
    });
  });
  afterAll(() => app.app.close());

  it("are those of the credential's tenant", async () => {
    for (const [name, headers] of Object.entries(keys)) {
      expect((await app.get("/titles", headers)).body).toMatchObject({ titles: [name] });
    }
  });

  it("are nobody's without a credential, and not another tenant's with a foreign one", async () => {
    const foreign = { "x-tenant-id": stranger.id };
    expect(codeIn(await app.get("/titles", foreign))).toEqual([401, "UNAUTHORIZED"]);
    const answer = await app.get("/titles", { ...keys.left, ...foreign });
    expect(codeIn(answer)).toEqual([404, "TENANT_NOT_FOUND"]);
    const below = await app.get("/titles", { ...keys.parent, "x-tenant-id": "left" });
    expect(below.body).toEqual({ tenant: tenants.left.id, titles: ["left"] });
  });

  it.each(["timer", "promise"])(
    "are not read by a %s once the response has ended",
    async (kind) => {
      const told = once(outlived, kind);
      expect((await app.get(`/${kind}`, keys.left)).status).toBe(200);
      expect(await told).toEqual(["TENANT_CONTEXT_MISSING"]);
    },
  );

  it("are not read by a listener that another request wakes", async () => {
    expect((await app.get("/listener", keys.left)).status).toBe(200);
    const told = once(outlived, "listener");
    await t.stratum.runInTenant(tenants.right.id, () => outlived.emit("wake"));
    // As the one who wakes it, and as nobody else.
    const [seen] = (await told) as [unknown];
    expect([["right"], "TENANT_CONTEXT_MISSING"]).toContainEqual(seen);
  });

  it("are not read by a stream whose client has gone", async () => {
    const told = once(outlived, "stream");
    const abort = new AbortController();
    const response = await fetch(`${app.url}/stream`, {
      headers: keys.left!,
      signal: abort.signal,
    });
    await response.body?.getReader().read();
    abort.abort();
    expect(await told).toEqual(["TENANT_CONTEXT_MISSING"]);
  });

  it("are each tenant's own where one handler works for two at once", async () => {
    const { parent, left, right } = tenants;
    const of = Array.from({ length: 10 }, () => [left.id, right.id]).flat();
    const { body } = await app.get(`/both?of=${of.join(",")}`, keys.parent);
    const rowsOf = (id: string) => [id, [id === left.id ? "left" : "right"], true];
    expect(body).toEqual({ each: of.map(rowsOf), own: parent.id });
    const foreign = await app.get(`/both?of=${left.id},${stranger.id}`, keys.parent);
    expect(codeIn(foreign)).toEqual([404, "TENANT_NOT_FOUND"]);
  });

  it("are not read by a job without a tenant", async () => {
    const controller = app.app.get(AttackedController);
    expect(await codeOf(controller.titles("none"))).toBe("TENANT_CONTEXT_MISSING");
  });
});

describe.each(FRAMEWORKS)("a tenant that the path names, on %s", (framework) => {
  const t = useStratum({ max: 10 });
  const apps: TenantApp[] = [];
  let alpha: { "x-api-key": string };
  let beta: { "x-api-key": string };
  let tenants: Record<string, Tenant>;

  beforeAll(async () => {
    tenants = { ...(await t.grow(["alpha"])), ...(await t.grow(["beta"])) };
    const keyOf = async (name: string) => ({
      "x-api-key": (await t.stratum.createApiKey(tenants[name]!.id)).plaintext_key,
    });
    [alpha, beta] = [await keyOf("alpha"), await keyOf("beta")];
  });
  afterAll(() => Promise.all(apps.map(({ app }) => app.close())));

  async function start(
    more: Partial<HttpOptions> = {},
    prepare?: (app: INestApplication) => void,
  ): Promise<TenantApp> {
    const resolvers = [new ApiKeyResolver(), new PathResolver("/tenants/:tenant")];
    const options = { pool: t.pool, http: { resolvers, ...more } };
    const controllers = [NamedTenantController];
    const app = await startTenantApp(framework, { options, controllers }, prepare);
    apps.push(app);
    return app;
  }

  /** Sends a target as it stands, which fetch would tidy up. */
  async function ask(app: TenantApp, path: string, headers: Record<string, string>) {
    const { port } = new URL(app.url);
    const sent = request({ host: "127.0.0.1", port, path, headers }).end();
    const [response] = (await once(sent, "response")) as [IncomingMessage];
    const body = JSON.parse(await text(response)) as { named?: string; tenant?: string | null };
    return { status: response.statusCode ?? 0, body };
  }

  const targets = [
    "/tenants/alpha",
    "/%74enants/alpha",
    "/TENANTS/alpha",
    "/Tenants/%61lpha/",
    "http://example.com/tenants/alpha",
    "HTTP://example.com/TENANTS/alpha?x=1",
    "//tenants/alpha",
    "/tenants/alpha#x",
    "/tenants\\alpha#x",
    "/tenants/alpha%2f",
    "/tenants/alpha;x=1",
    "/x/../tenants/alpha",
  ];

  it.each([{}, { guard: false }])("is nobody else's however it is written: %p", async (more) => {
    const app = await start(more);
    for (const target of targets.flatMap((path) => [path, path.replace("alpha", "alpha/public")])) {
      const foreign = await ask(app, target, beta);
      expect({ target, status: foreign.status }).not.toMatchObject({ status: 200 });
      const own = await ask(app, target, alpha);
      if (own.status === 200) {
        expect({ target, ...own.body }).toMatchObject({
          named: "alpha",
          tenant: tenants.alpha!.id,
        });
      }
    }
    expect((await ask(app, "/tenants/alpha", alpha)).status).toBe(200);
    expect((await ask(app, "/tenants/alpha/public", alpha)).status).toBe(200);
  });

  it("is what the router was given, where the application rewrites the path", async () => {
    const app = await start({}, (application) =>
      application.use((sent: { url: string }, _: unknown, next: () => void) => {
        sent.url = sent.url.replace("beta", "alpha");
        next();
      }),
    );
    const answer = await ask(app, "/tenants/beta", beta);
    // Fastify has chosen its route before; Express chooses it afterwards.
    if (framework === "fastify") {
      expect(answer.body).toEqual({ named: "beta", tenant: tenants.beta!.id });
    } else {
      expect(answer).toMatchObject({ status: 404, body: { code: "TENANT_NOT_FOUND" } });
    }
  });
});
