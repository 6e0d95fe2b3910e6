import { STRATUM_API, type ApiMethod, type DryRunPlan } from "@stratum-hq/lib";
import { prepared } from "./contract/cases";
import { requestOf, type TableRequest } from "./contract/over-http";
import { callFacade } from "./support/call-facade";
import { UNKNOWN, type Method } from "./support/cases";
import { DECLARED } from "./support/declared-tables";
import { OpenApiValidator } from "./support/openapi-validator";
import { tableContents } from "./support/table-contents";
import { useControlPlane } from "./support/use-control-plane";
import { useStratum } from "./support/use-stratum";

const t = useStratum({}, { tenantTables: DECLARED });
const plane = useControlPlane(t, {}, { tenantTables: DECLARED });

const METHODS = Object.entries(STRATUM_API) as [Method, ApiMethod][];
const MUTATORS = METHODS.filter(([, { effect }]) => effect === "mutator");
const OTHERS = METHODS.filter(([, { effect }]) => effect !== "mutator");

const validator = new OpenApiValidator();

interface Answer {
  readonly status: number;
  readonly type: string;
  readonly body: Record<string, unknown>;
}

/** Sends a request with one more parameter. */
async function send(
  { verb, url, body }: TableRequest,
  parameter: string,
  key = plane.key,
): Promise<Answer> {
  const response = await fetch(
    `${plane.origin}/api/v1${url}${url.includes("?") ? "&" : "?"}${parameter}`,
    {
      method: verb,
      headers: { Authorization: `Bearer ${key}`, "Content-Type": "application/json" },
      ...(verb === "GET" ? {} : { body: JSON.stringify(body ?? {}) }),
    },
  );
  const [type = ""] = (response.headers.get("content-type") ?? "").split(";");
  const text = await response.text();
  return { status: response.status, type, body: JSON.parse(text) as Answer["body"] };
}

/** The request of a valid call. */
async function requestFor(name: Method, method: ApiMethod): Promise<TableRequest> {
  const { root, child } = await t.grow(["root", ["child"]]);
  const tree = { root: root!, child: child! };
  const { args } = await prepared(t, name, tree, (each) => callFacade(t.stratum, name, each));
  return requestOf(method, args);
}

/** What is kept, but for when keys were used last. */
async function contents(): Promise<Record<string, string>> {
  return { ...(await tableContents(t)), api_keys: "" };
}

beforeAll(async () => {
  const { root } = await t.grow(["root"]);
  await t.stratum.createApiKey(root!.id);
});

describe("?dry_run", () => {
  it.each(MUTATORS)("=true on %s answers the plan, and changes nothing", async (name, method) => {
    const request = await requestFor(name, method);
    const before = await contents();
    const { status, type, body } = await send(request, "dry_run=true");
    expect({ status, type, body }).toMatchObject({ status: 200, type: "application/json" });
    expect(validator.problemOf(name, status, type, body)).toBeNull();
    expect((body as unknown as DryRunPlan).changes.length).toBeGreaterThan(0);
    expect(await contents()).toEqual(before);
  });

  it.each(OTHERS)("is unknown to %s", async (name, method) => {
    const { status, body } = await send(await requestFor(name, method), "dry_run=true");
    expect([status, body["code"]]).toEqual([400, "VALIDATION_ERROR"]);
    expect(body["detail"]).toContain("dry_run: unknown");
  });

  it("=false executes, and any other value or spelling does not", async () => {
    const create = { verb: "POST", url: "/tenants", body: { name: "n" } };
    expect(await send(create, "dry_run=false")).toMatchObject({
      status: 201,
      body: { name: "n", parent_id: null },
    });
    const before = await contents();
    for (const wrong of ["dry_run=", "dry_run=1", "dry_run=TRUE", "dryrun=true", "dry-run=true"])
      expect((await send(create, wrong)).status).toBe(400);
    expect((await send(create, "dry_run=true&dry_run=false")).status).toBe(400);
    expect(await contents()).toEqual(before);
  });

  it("=true tells in the plan why the call would be refused", async () => {
    const { root, child } = await t.grow(["root", ["child"]]);
    const move = { verb: "POST", url: `/tenants/${root!.id}/move`, body: { parent_id: child!.id } };
    const { status, body } = await send(move, "dry_run=true");
    expect(status).toBe(200);
    expect(body).toMatchObject({ changes: [], refused: { code: "TENANT_CYCLE_DETECTED" } });
    expect(validator.problemOf("moveTenant", status, "application/json", body)).toBeNull();
  });

  it("=true answers problems to who may not, of what is not there, and of what is wrong", async () => {
    const { root, child } = await t.grow(["root", ["child"]]);
    const { plaintext_key } = await t.stratum.createApiKey(child!.id, { scopes: ["tenants:read"] });
    const rename = { verb: "PATCH", url: `/tenants/${child!.id}`, body: { name: "other" } };
    const answers = [
      await send(rename, "dry_run=true", plaintext_key),
      await send(rename, "dry_run=true", "sk_live_nobody"),
      await send({ ...rename, url: `/tenants/${root!.id}` }, "dry_run=true", await ownKey(child!)),
      await send({ ...rename, body: { name: "" } }, "dry_run=true"),
    ];
    expect(answers.map(({ status, type }) => [status, type])).toEqual(
      [403, 401, 404, 400].map((status) => [status, "application/problem+json"]),
    );
  });

  it("=true answers 404 where the call would find nothing to take away", async () => {
    const url = `/api-keys/${UNKNOWN}`;
    const { status, body } = await send({ verb: "DELETE", url, body: {} }, "dry_run=true");
    expect([status, body["code"]]).toEqual([404, "API_KEY_NOT_FOUND"]);
  });

  async function ownKey({ id }: { readonly id: string }): Promise<string> {
    const scopes = ["tenants:read", "tenants:write"];
    return (await t.stratum.createApiKey(id, { scopes })).plaintext_key;
  }
});
