import { Stratum, type Tenant } from "@stratum-hq/lib";
import { Client } from "pg";
import { useStratum } from "../../../test/support/use-stratum";

/** Counts what goes over the wire while `work` runs. */
async function roundTrips(work: () => Promise<unknown>): Promise<number> {
  const query = jest.spyOn(Client.prototype, "query");
  try {
    await work();
    return query.mock.calls.length;
  } finally {
    query.mockRestore();
  }
}

/** BEGIN and COMMIT. */
const TRANSACTION = 2;

describe("the round trips of each operation", () => {
  const t = useStratum();
  let root: Tenant;
  let child: Tenant;
  let leaf: Tenant;

  beforeAll(async () => {
    const g = await t.grow(["root", ["child", ["leaf"]]]);
    [root, child, leaf] = [g.root!, g.child!, g.leaf!];
    await t.stratum.resolveConfig(leaf.id);
  });

  it("reads in one", async () => {
    const { stratum } = t;
    expect(await roundTrips(() => stratum.getTenant(leaf.id))).toBe(1);
    expect(await roundTrips(() => stratum.getAncestors(leaf.id))).toBe(1);
    expect(await roundTrips(() => stratum.getRoot(leaf.id))).toBe(1);
    expect(await roundTrips(() => stratum.listTenants())).toBe(1);
    expect(await roundTrips(() => stratum.listDescendants(root.id))).toBe(2);
    expect(await roundTrips(() => stratum.diffConfig(root.id, leaf.id))).toBe(1);
    expect(await roundTrips(() => stratum.batchComputeDrift(root.id, [child.id, leaf.id]))).toBe(1);
  });

  it("resolves in one cold, in none warm", async () => {
    const strong = () => t.stratum.resolveConfig(leaf.id, { consistency: "strong" });
    expect(await roundTrips(strong)).toBe(1);
    await t.stratum.resolveConfig(leaf.id);
    expect(await roundTrips(() => t.stratum.resolveConfig(leaf.id))).toBe(0);
    const off = new Stratum({ pool: t.pool, cacheSize: 0 });
    await off.initialize();
    expect(await roundTrips(() => off.resolveConfig(leaf.id))).toBe(1);
    await off.close();
  });

  it("creates in four within a transaction, five where the slug is taken, however many tenants", async () => {
    const create = (count: number, name: string) => () =>
      t.stratum.batchCreateTenants(
        Array.from({ length: count }, (_, n) => ({ name: `${name} ${n}`, parent_id: root.id })),
      );
    expect(await roundTrips(create(1, "one"))).toBe(TRANSACTION + 4);
    expect(await roundTrips(create(300, "many"))).toBe(TRANSACTION + 4);
    expect(await roundTrips(create(300, "many"))).toBe(TRANSACTION + 5);
  });

  it("sets one key or two hundred in four within a transaction", async () => {
    const set = (count: number) => () =>
      t.stratum.batchSetConfig(
        child.id,
        Array.from({ length: count }, (_, n) => ({ key: `k${n}`, value: count })),
      );
    expect(await roundTrips(() => t.stratum.setConfig(child.id, "a", { value: 1 }))).toBe(
      TRANSACTION + 4,
    );
    expect(await roundTrips(set(1))).toBe(TRANSACTION + 4);
    expect(await roundTrips(set(200))).toBe(TRANSACTION + 4);
    expect(await roundTrips(() => t.stratum.deleteConfig(child.id, "a"))).toBe(TRANSACTION + 4);
  });

  it("evaluates policies in one cold, in none warm; creates and deletes them in five", async () => {
    const { stratum } = t;
    const request = { subject: {}, resource: { type: "doc" }, action: "read" };
    const strong = { consistency: "strong" } as const;
    expect(await roundTrips(() => stratum.evaluateAbac(leaf.id, request, strong))).toBe(1);
    await stratum.evaluateAbac(leaf.id, request);
    expect(await roundTrips(() => stratum.evaluateAbac(leaf.id, request))).toBe(0);
    expect(await roundTrips(() => stratum.getAbacPolicies(leaf.id))).toBe(2);
    const policy = { name: "n", resource_type: "doc", action: "*", effect: "deny" } as const;
    const create = () => stratum.createAbacPolicy(root.id, policy);
    expect(await roundTrips(create)).toBe(TRANSACTION + 5);
    const [own] = await stratum.getAbacPolicies(root.id);
    expect(await roundTrips(() => stratum.deleteAbacPolicy(root.id, own!.id))).toBe(
      TRANSACTION + 5,
    );
  });

  it("records usage in one, repeats of it in two, and adds it up in two", async () => {
    const { stratum } = t;
    const record = (idempotency_key?: string) => () =>
      stratum.recordUsage(leaf.id, { metric: "m", idempotency_key });
    expect(await roundTrips(record())).toBe(1);
    expect(await roundTrips(record("k"))).toBe(1);
    expect(await roundTrips(record("k"))).toBe(2);
    for (const include_descendants of [false, true]) {
      const query = { tenant_id: root.id, include_descendants };
      expect(await roundTrips(() => stratum.aggregateUsage(query))).toBe(2);
    }
  });

  it("moves, suspends and resumes a subtree in as many statements as a single tenant", async () => {
    const g = await t.grow(["big"]);
    await t.stratum.batchCreateTenants(
      Array.from({ length: 300 }, (_, n) => ({ name: `b${n}`, parent_id: g.big!.id })),
    );
    const single = await t.stratum.createTenant({ name: "single" });
    for (const { id } of [single, g.big!]) {
      expect(await roundTrips(() => t.stratum.moveTenant(id, root.id))).toBe(TRANSACTION + 5);
      const subtree = { subtree: true };
      expect(await roundTrips(() => t.stratum.suspendTenant(id, subtree))).toBe(TRANSACTION + 4);
      expect(await roundTrips(() => t.stratum.resumeTenant(id, subtree))).toBe(TRANSACTION + 5);
      expect(await roundTrips(() => t.stratum.reorderTenant(id, 0))).toBe(TRANSACTION + 5);
    }
  });
});
