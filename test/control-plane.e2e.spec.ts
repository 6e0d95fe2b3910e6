import { randomBytes } from "node:crypto";
import { request as send, type IncomingMessage } from "node:http";
import { connect } from "node:net";
import { text } from "node:stream/consumers";
import { join } from "node:path";
import { pino } from "pino";
import { createControlPlane } from "../src/control-plane";
import { readEnvironment } from "../src/environment/environment";
import { runChild, type Child } from "./support/child";
import { useControlPlane } from "./support/use-control-plane";
import { useStratum } from "./support/use-stratum";

const MAIN = join(__dirname, "..", "src", "main.ts");

const JSON_BODY = { "Content-Type": "application/json" };
/** How requests may end while the server does. */
const ORDERLY = ["201", "503", "ECONNREFUSED"];

const t = useStratum();

describe("npm start", () => {
  let child: Child | undefined;
  afterEach(() => child?.process.kill("SIGKILL"));

  const start = (variables: NodeJS.ProcessEnv): Child =>
    runChild(MAIN, [], { env: { ...process.env, LOG_LEVEL: "silent", ...variables } });

  /** Starts it on the suite's database, with the operator's key, which it never prints; where its API is. */
  async function serve(key: string): Promise<string> {
    const variables = { DATABASE_URL: t.database.url, STRATUM_BOOTSTRAP_KEY: key, PORT: "0" };
    child = start(variables);
    for await (const line of child.lines) {
      expect(line).not.toContain("sk_live_");
      const [url] = /http:\/\/[^ ]+\/api\/v1/.exec(line) ?? [];
      if (url !== undefined) return url;
    }
    throw new Error("It ended before it served anything.");
  }

  it("serves the API with the operator's key, and ends on SIGTERM", async () => {
    const key = `sk_live_${randomBytes(32).toString("base64url")}`;
    const url = await serve(key);
    const headers = { Authorization: `Bearer ${key}` };
    expect((await fetch(`${url}/tenants`, { headers })).status).toBe(200);
    child!.process.kill("SIGTERM");
    expect(await child!.ended).toMatchObject({ code: 0, signal: null });
  });

  it("answers what it has accepted before it ends", async () => {
    const key = `sk_live_${randomBytes(32).toString("base64url")}`;
    const url = await serve(key);
    const outcomes: Record<string, number> = {};
    let ended = false;
    const count = (outcome: string) => (outcomes[outcome] = (outcomes[outcome] ?? 0) + 1);
    const client = async (): Promise<void> => {
      while (!ended) {
        const body = JSON.stringify({ name: "under load" });
        const init = { method: "POST", headers: { ...JSON_BODY, "X-API-Key": key }, body };
        try {
          const response = await fetch(`${url}/organizations`, init);
          count(String(response.status));
          await response.json();
        } catch (error) {
          // Refused: nobody listens any more. Whatever else came of it, it was accepted and not answered.
          const { code = "unknown" } = ((error as Error).cause ?? {}) as { code?: string };
          count(code);
          ended ||= code === "ECONNREFUSED";
        }
      }
    };
    const clients = Promise.all(Array.from({ length: 20 }, client));
    while ((outcomes["201"] ?? 0) < 100) await new Promise((done) => setTimeout(done, 5));
    child!.process.kill("SIGTERM");
    expect(await child!.ended).toMatchObject({ code: 0, signal: null });
    ended = true;
    await clients;
    expect(Object.keys(outcomes).filter((each) => !ORDERLY.includes(each))).toEqual([]);
    const [row] = await t.rows<{ count: string }>(
      "select count(*) from stratum.tenants where name = 'under load'",
    );
    expect(Number(row!.count)).toBe(outcomes["201"]);
  });

  it("says in one line what is wrong with a variable", async () => {
    child = start({ PORT: "http" });
    const { code, stderr } = await child.ended;
    expect(code).toBe(1);
    expect(stderr.trim().split("\n")).toEqual([expect.stringContaining("PORT is wrong")]);
  });
});

describe("the control plane", () => {
  const plane = useControlPlane(t);
  const json = JSON_BODY;

  async function call(path: string, init: RequestInit = {}) {
    const headers = { Authorization: `Bearer ${plane.key}`, ...(init.headers as object) };
    const response = await fetch(`${plane.origin}${path}`, { ...init, headers });
    return { response, body: (await response.json()) as Record<string, unknown> };
  }

  it("says that the process lives, to whoever asks", async () => {
    const response = await fetch(`${plane.origin}/health/live`);
    expect(await response.json()).toEqual({ status: "ok" });
  });

  it("says that it can serve, and what is missing where it cannot", async () => {
    const response = await fetch(`${plane.origin}/health/ready`);
    expect(response.status).toBe(200);
    expect(await response.json()).toMatchObject({
      status: "ok",
      details: { database: { status: "up" }, migrations: { status: "up" }, feed: { status: "up" } },
    });
  });

  it("answers for the names of the machine alone, and tells browsers to do nothing with it", async () => {
    const { port } = new URL(plane.origin);
    const response = await new Promise<IncomingMessage>((done, fail) => {
      const headers = { Host: `evil.example:${port}` };
      send({ port, hostname: "127.0.0.1", path: "/health/live", headers }, done)
        .on("error", fail)
        .end();
    });
    expect(response.statusCode).toBe(421);
    expect(JSON.parse(await text(response))).toMatchObject({ code: "HOST_NOT_ALLOWED" });
    const { headers } = await fetch(`${plane.origin}/health/live`, {
      headers: { Origin: "https://evil.example" },
    });
    expect(headers.get("access-control-allow-origin")).toBeNull();
    expect(headers.get("content-security-policy")).toContain("default-src 'none'");
    expect(headers.get("x-content-type-options")).toBe("nosniff");
  });

  it("asks for a credential, and tells none from a wrong one by the status alone", async () => {
    const wrong: Record<string, string>[] = [
      {},
      { Authorization: "Bearer sk_live_wrong" },
      { "X-API-Key": "no" },
    ];
    // That one asks for no scope.
    const open = await fetch(`${plane.origin}/api/v1/api-keys/validate`, {
      method: "POST",
      headers: json,
      body: '{"key":"sk_live_guess"}',
    });
    expect(open.status).toBe(401);
    for (const headers of wrong) {
      const response = await fetch(`${plane.origin}/api/v1/tenants`, { headers });
      expect(response.status).toBe(401);
      expect(response.headers.get("www-authenticate")).toBe("Bearer");
      expect(await response.json()).toMatchObject({ code: "UNAUTHORIZED" });
    }
  });

  it("holds a key to its scopes before it reads the rest of the request", async () => {
    const { root } = await t.grow(["root"]);
    const reader = await t.stratum.createApiKey(root!.id, { name: "r", scopes: ["tenants:read"] });
    const headers = { ...json, Authorization: `Bearer ${reader.plaintext_key}` };
    const refused = await call("/api/v1/tenants", { method: "POST", headers, body: '{"x":1}' });
    expect(refused.response.status).toBe(403);
    expect((await call(`/api/v1/tenants/${root!.id}`, { headers })).response.status).toBe(200);
    const { root: other } = await t.grow(["root"]);
    const foreign = await call(`/api/v1/tenants/${other!.id}`, { headers });
    expect(foreign.body).toMatchObject({ status: 404, code: "TENANT_NOT_FOUND" });
  });

  it("pages, and links to the page that follows", async () => {
    await t.grow(["a"]);
    await t.grow(["b"]);
    const first = await call("/api/v1/organizations?limit=1");
    const [, next] = /^<(.*)>; rel="next"$/.exec(first.response.headers.get("link")!)!;
    const second = await call(next!);
    expect(first.body["data"]).toHaveLength(1);
    expect(second.body["data"]).toHaveLength(1);
    expect(second.body["data"]).not.toEqual(first.body["data"]);
  });

  it("tells a client that it has what it asks for, and guards what it has read", async () => {
    const { root } = await t.grow(["root"]);
    const path = `/api/v1/tenants/${root!.id}`;
    const read = await call(path);
    const tag = read.response.headers.get("etag")!;
    expect(tag).toMatch(/^"1\./);
    expect(read.response.headers.get("cache-control")).toBe("private, no-cache");
    const known = { Authorization: `Bearer ${plane.key}`, "If-None-Match": tag };
    const again = await fetch(`${plane.origin}${path}`, { headers: known });
    expect([again.status, await again.text()]).toEqual([304, ""]);
    const stranger = await fetch(`${plane.origin}${path}`, { headers: { "If-None-Match": tag } });
    expect(stranger.status).toBe(401);
    const patch = (match: string) =>
      call(path, {
        method: "PATCH",
        headers: { ...json, "If-Match": match },
        body: JSON.stringify({ name: "renamed" }),
      });
    expect((await patch(tag)).body).toMatchObject({ name: "renamed", version: 2 });
    expect((await patch(tag)).body).toMatchObject({ status: 412, code: "VERSION_CONFLICT" });
    expect((await patch('"nonsense"')).body).toMatchObject({ status: 400 });
    const changed = await fetch(`${plane.origin}${path}`, { headers: known });
    expect(changed.status).toBe(200);
  });

  it("takes the client's name for a request, if it is one", async () => {
    const named = (id: string) =>
      call("/api/v1/tenants", { headers: { "X-Request-Id": id, Authorization: "" } });
    const { response, body } = await named("trace-1");
    expect(response.headers.get("x-request-id")).toBe("trace-1");
    expect(body["request_id"]).toBe("trace-1");
    expect((await named("a b")).body["request_id"]).toMatch(/^[0-9a-f-]{36}$/);
  });

  it.each([
    ["a parameter that no route has", "GET /tenants?dryrun=true", 400, "VALIDATION_ERROR"],
    ["a parameter sent twice", "GET /tenants?limit=1&limit=2", 400, "VALIDATION_ERROR"],
    ["a trailing slash", "GET /tenants/", 404, "ROUTE_NOT_FOUND"],
    ["an empty segment", "GET //tenants", 404, "ROUTE_NOT_FOUND"],
    ["an unknown path", "GET /tenant", 404, "ROUTE_NOT_FOUND"],
    ["another method", "PATCH /tenants {}", 405, "METHOD_NOT_ALLOWED"],
    ["half a body", 'POST /tenants {"name":', 400, "MALFORMED_REQUEST"],
    ["a list as body", "POST /tenants []", 400, "VALIDATION_ERROR"],
    ["an unknown field", 'POST /tenants {"name":"a","parentId":1}', 400, "VALIDATION_ERROR"],
    ["more than fits", `POST /tenants "${"a".repeat(5_000_000)}"`, 413, "PAYLOAD_TOO_LARGE"],
    ["a URL that is none", "GET /tenants/%ZZ", 400, "MALFORMED_REQUEST"],
  ])("answers %s as a problem", async (_name, request, status, code) => {
    const [method = "", path = "", body] = request.split(" ");
    const { response, body: problem } = await call(`/api/v1${path}`, {
      method,
      ...(body === undefined ? {} : { body, headers: json }),
    });
    expect(response.headers.get("content-type")).toContain("application/problem+json");
    expect(problem).toMatchObject({ status, code, title: expect.any(String) as string });
    expect(response.status).toBe(status);
    expect(problem["type"]).toMatch(new RegExp(`#${code.toLowerCase()}$`));
    expect(JSON.stringify(problem)).not.toMatch(/node_modules|\.ts:|select /);
  });

  it("points at what is wrong with a body", async () => {
    const body = JSON.stringify({ name: "", parent_id: "x" });
    const { body: problem } = await call("/api/v1/tenants", {
      method: "POST",
      body,
      headers: json,
    });
    expect(problem["errors"]).toEqual([
      { pointer: "/name", detail: expect.any(String) as string },
      { pointer: "/parent_id", detail: "expected a UUID" },
    ]);
  });

  it("reads JSON alone", async () => {
    for (const type of ["text/plain", "application/x-www-form-urlencoded", "text/json"]) {
      const sent = await call("/api/v1/tenants", {
        method: "POST",
        headers: { "Content-Type": type },
        body: '{"name":"a"}',
      });
      expect(sent.body).toMatchObject({ status: 415, code: "UNSUPPORTED_MEDIA_TYPE" });
    }
  });

  it("answers what is no HTTP, and headers without end, as problems", async () => {
    const { port, hostname } = new URL(plane.origin);
    const socket = connect(Number(port), hostname);
    socket.write("NONSENSE\r\n\r\n");
    expect(await text(socket)).toMatch(/^HTTP\/1.1 400 [\s\S]+"code":"MALFORMED_REQUEST"/);
    const status = await new Promise((done, fail) => {
      send(`${plane.origin}/health/live`, { headers: { x: "y".repeat(20_000) } }, (response) => {
        response.resume();
        done(response.statusCode);
      })
        .on("error", fail)
        .end();
    });
    expect(status).toBe(431);
  });

  it("keeps a key of dots, or one that is escaped, from reaching another route", async () => {
    const { root } = await t.grow(["root"]);
    const put = (key: string) =>
      new Promise<number | undefined>((done, fail) => {
        const path = `/api/v1/tenants/${root!.id}/config/${key}`;
        const headers = { ...json, Authorization: `Bearer ${plane.key}` };
        const { port, hostname } = new URL(plane.origin);
        // fetch would resolve the dots before it sends them.
        send({ hostname, port, path, method: "PUT", headers }, (response) => {
          response.resume();
          done(response.statusCode);
        })
          .on("error", fail)
          .end('{"value":1}');
      });
    expect(await Promise.all(["..", "%2e%2e", "a%2Fb", "a%20b"].map(put))).toEqual([
      400, 400, 400, 400,
    ]);
    expect(await put("batch")).toBe(200);
    expect(Object.keys(await t.stratum.resolveConfig(root!.id))).toEqual(["batch"]);
  });
});

describe("the control plane with a route of somebody's own", () => {
  it("does not start with a route that no table declares", async () => {
    const app = await createControlPlane(
      readEnvironment({}),
      { pool: t.database.newPool() },
      pino({ level: "silent" }),
    );
    app
      .getHttpAdapter()
      .getInstance()
      .get("/api/v1/secrets", () => "all of them");
    await expect(app.init()).rejects.toThrow("GET /api/v1/secrets");
    await app.close();
  });
});

describe("the control plane, of an application on another site", () => {
  const site = "https://console.example";
  const plane = useControlPlane(t, { CORS_ORIGINS: site, ALLOWED_HOSTS: "api.example, 127.0.0.1" });

  it("lets that site's pages read, and no other's", async () => {
    for (const [origin, allowed] of [
      [site, site],
      ["https://other.example", null],
    ] as const) {
      const { headers } = await fetch(`${plane.origin}/api/v1/tenants`, {
        method: "OPTIONS",
        headers: {
          Origin: origin,
          "Access-Control-Request-Method": "POST",
          "Access-Control-Request-Headers": "authorization",
        },
      });
      expect(headers.get("access-control-allow-origin")).toBe(allowed);
    }
  });
});
