import { STRATUM_API, type ApiMethod, type Tenant } from "@stratum-hq/lib";
import { callFacade } from "./support/call-facade";
import { UNKNOWN, type Method } from "./support/cases";
import { DECLARED } from "./support/declared-tables";
import { useControlPlane } from "./support/use-control-plane";
import { useStratum } from "./support/use-stratum";
import { prepared } from "./contract/cases";
import { requestOf, sendRequest, type TableRequest } from "./contract/over-http";

const t = useStratum({}, { tenantTables: DECLARED });
const plane = useControlPlane(t, {}, { tenantTables: DECLARED });

const METHODS = Object.entries(STRATUM_API) as [Method, ApiMethod][];
/** Whoever may call, the method itself decides. */
const GUARDED = METHODS.filter(([, { scope }]) => scope !== "none");
/** What belongs to no tenant: the platform's own callers alone may. */
const PLATFORMS = GUARDED.filter(([, { scope }]) => scope === "platform:admin");
const NAMED = GUARDED.filter(([, { scope }]) => scope !== "platform:admin");

interface Answer {
  readonly status: number;
  readonly body: Record<string, unknown>;
}

/** A key of a tenant, and what it may do. */
const keyOf = async (tenant: Tenant, scopes: readonly string[]): Promise<string> =>
  (await t.stratum.createApiKey(tenant.id, { name: "k", scopes: [...scopes] })).plaintext_key;

async function send(request: TableRequest, key: string | null): Promise<Answer> {
  const response = await sendRequest(`${plane.origin}/api/v1`, request, key);
  const text = await response.text();
  const isObject = text.startsWith("{") && !text.trim().includes("\n");
  return { status: response.status, body: isObject ? (JSON.parse(text) as Answer["body"]) : {} };
}

/** The request of a valid call, and of the same with each id replaced by that of nothing. */
async function requestsFor(name: Method, method: ApiMethod) {
  const { root, child } = await t.grow(["root", ["child"]]);
  const tree = { root: root!, child: child! };
  const { args } = await prepared(t, name, tree, (each) => callFacade(t.stratum, name, each));
  const request = requestOf(method, args);
  const text = JSON.stringify(request);
  const ids = /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g;
  const unknown = JSON.parse(text.replaceAll(ids, UNKNOWN)) as TableRequest;
  return { tree, request, unknown, namesIds: ids.test(text) };
}

/** A problem, but for what tells one request from another. */
function alike({ status, body }: Answer) {
  const { code, title, detail } = body;
  const ids = /[0-9a-f]{8}-[0-9a-f-]{27}/g;
  return { status, code, title, detail: String(detail).replaceAll(ids, "an id") };
}

describe("every route", () => {
  it.each(GUARDED)("%s is nobody's without a credential", async (name, method) => {
    const { request } = await requestsFor(name, method);
    const { status, body } = await send(request, null);
    expect([status, body["code"]]).toEqual([401, "UNAUTHORIZED"]);
  });

  it.each(GUARDED)("%s is not for a key without its scope", async (name, method) => {
    const { tree, request } = await requestsFor(name, method);
    const other = method.scope === "usage:write" ? "tenants:read" : "usage:write";
    const { status, body } = await send(request, await keyOf(tree.root, [other]));
    expect([status, body["code"]]).toEqual([403, "FORBIDDEN"]);
  });

  it.each(NAMED)("%s answers a foreign id as an unknown one", async (name, method) => {
    const { request, unknown, namesIds } = await requestsFor(name, method);
    const { stranger } = await t.grow(["stranger"]);
    const key = await keyOf(stranger!, ["admin"]);
    const foreign = await send(request, key);
    if (!namesIds) {
      // It names nobody's: what it finds, or makes, is the caller's own or nothing.
      expect(JSON.stringify(foreign.body)).not.toMatch(/"name":"(root|child)"/);
      return;
    }
    const nothing = await send(unknown, key);
    expect(alike(foreign)).toEqual(alike(nothing));
    // Some answer that there is nothing, and none that something was done.
    if (foreign.status < 300) expect(foreign.body).toEqual(nothing.body);
  });

  it.each(GUARDED)(
    "%s is shut to the callers of a tenant that is suspended",
    async (name, method) => {
      const { request } = await requestsFor(name, method);
      const { shut } = await t.grow(["shut"]);
      const key = await keyOf(shut!, ["admin"]);
      await t.stratum.suspendTenant(shut!.id);
      const { status } = await send(request, key);
      expect(status).toBe(403);
    },
  );

  it.each(PLATFORMS)("%s is not for the administrator of a tenant", async (name, method) => {
    const { tree, request } = await requestsFor(name, method);
    const { status } = await send(request, await keyOf(tree.root, ["admin"]));
    expect(status).toBe(403);
  });
});
