import { runAs, type Actor, type Tenant } from "@stratum-hq/lib";
import { operationsProcess, type OperationsProcess } from "../../test/operations-process";
import { codeOf, useStratum } from "../../../../test/support/use-stratum";

const UNKNOWN = "00000000-0000-7000-8000-000000000000";

describe("the operations that a caller sees", () => {
  const t = useStratum();
  let process: OperationsProcess;
  let g: Record<string, Tenant>;
  const ids: Record<string, string> = {};

  const bound = (tenant: Tenant): Actor => ({
    ...{ actor_id: "a", actor_type: "jwt", tenant_id: tenant.id, scopes: ["admin"] },
  });

  beforeAll(async () => {
    process = await operationsProcess({ pool: t.pool });
    g = await t.grow(["a", ["b", ["c"]], ["d"]]);
    const begin = async (name: string, tenant: Tenant | null, actor: Actor | null) => {
      const start = () => process.begin({ tenant_id: tenant?.id ?? null });
      ids[name] = (await (actor === null ? start() : runAs(actor, start))).id;
    };
    await begin("platform", null, null);
    await begin("a", g.a!, null);
    await begin("b by the platform", g.b!, null);
    await begin("b by itself", g.b!, bound(g.b!));
    await begin("c by b", g.c!, bound(g.b!));
    await begin("d", g.d!, bound(g.a!));
  });
  afterAll(() => process.app.close());

  const listed = async (query: object = {}) => {
    const { data } = await t.stratum.listOperations(query);
    return data.map(({ id }) => Object.keys(ids).find((name) => ids[name] === id));
  };

  it("are all for the platform, newest first", async () => {
    expect(await listed()).toEqual(Object.keys(ids).reverse());
    expect(await listed({ tenant_id: g.b!.id })).toEqual(["b by itself", "b by the platform"]);
    expect(await listed({ state: "failed" })).toEqual([]);
    expect(await listed({ type: "export" })).toEqual([]);
    expect(await codeOf(t.stratum.listOperations({ tenant_id: UNKNOWN }))).toBe("TENANT_NOT_FOUND");
  });

  it("come in pages", async () => {
    const seen: string[] = [];
    let cursor: string | null = null;
    do {
      const page = await t.stratum.listOperations({ limit: 4, cursor });
      seen.push(...page.data.map(({ id }) => id));
      cursor = page.next_cursor;
    } while (cursor !== null);
    expect(seen).toEqual(Object.values(ids).reverse());
    const call = t.stratum.listOperations({ cursor: "nonsense" });
    expect(await codeOf(call)).toBe("VALIDATION_ERROR");
  });

  it("are those of its own subtree for a tenant's, and others are as unknown ones", async () => {
    await runAs(bound(g.b!), async () => {
      expect(await listed()).toEqual(["c by b", "b by itself", "b by the platform"]);
      expect(await listed({ tenant_id: g.c!.id })).toEqual(["c by b"]);
      expect(await codeOf(t.stratum.listOperations({ tenant_id: g.d!.id }))).toBe(
        "TENANT_NOT_FOUND",
      );
      for (const id of [ids.platform!, ids.a!, ids.d!, UNKNOWN]) {
        expect(await codeOf(t.stratum.getOperation(id))).toBe("OPERATION_NOT_FOUND");
        expect(await codeOf(t.stratum.cancelOperation(id))).toBe("OPERATION_NOT_FOUND");
        expect(await codeOf(t.stratum.resumeOperation(id))).toBe("OPERATION_NOT_FOUND");
      }
      expect(await t.stratum.getOperation(ids["c by b"]!)).toMatchObject({ tenant_id: g.c!.id });
    });
  });

  it("are stopped and gone on with by the level that started them, or one above", async () => {
    const cancel = (actor: Actor, name: string) =>
      runAs(actor, () => codeOf(t.stratum.cancelOperation(ids[name]!)));
    expect(await cancel(bound(g.b!), "b by the platform")).toBe("FORBIDDEN");
    expect(await cancel(bound(g.c!), "c by b")).toBe("FORBIDDEN");
    const resume = runAs(bound(g.c!), () => t.stratum.resumeOperation(ids["c by b"]!));
    expect(await codeOf(resume)).toBe("FORBIDDEN");
    expect(await cancel(bound(g.b!), "b by itself")).toBe("ok");
    expect(await cancel(bound(g.a!), "c by b")).toBe("ok");
  });

  it("show neither what was asked for nor where they go on", async () => {
    const params = { secret: "s" };
    const { id } = await process.begin({ params });
    const shown = await t.stratum.getOperation(id);
    expect(Object.keys(shown)).not.toEqual(expect.arrayContaining(["params"]));
    for (const hidden of ["params", "checkpoint", "claim_id", "started_by", "path"])
      expect(shown).not.toHaveProperty(hidden);
  });

  it("whose process is dead are cancelled at once", async () => {
    const { id } = await process.begin();
    await t.rows("update stratum.operations set heartbeat_at = 'epoch' where id = $1", [id]);
    expect(await t.stratum.cancelOperation(id)).toMatchObject({ state: "cancelled" });
    expect(await codeOf(t.stratum.resumeOperation((await process.begin()).id))).toBe(
      "INVALID_OPERATION_STATE",
    );
  });
});
