import { Stratum, type Tenant } from "@stratum-hq/lib";
import { roundTrips } from "../../../test/support/round-trips";
import { useStratum } from "../../../test/support/use-stratum";

/** BEGIN and COMMIT. */
const TRANSACTION = 2;

describe("the round trips of an operation", () => {
  const t = useStratum();
  let root: Tenant;
  let child: Tenant;
  let leaf: Tenant;

  beforeAll(async () => {
    const g = await t.grow(["root", ["child", ["leaf"]]]);
    [root, child, leaf] = [g.root!, g.child!, g.leaf!];
    await t.stratum.resolveConfig(leaf.id);
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

  it("validates a key in one cold, in none warm", async () => {
    const role = await t.stratum.createRole({ name: "r", scopes: ["read"], tenant_id: root.id });
    const key = await t.stratum.createApiKey(leaf.id, { role_id: role.id });
    const validate = () => t.stratum.validateApiKey(key.plaintext_key);
    await t.stratum.resolveConfig(leaf.id);
    expect(await roundTrips(validate)).toBe(1);
    expect(await roundTrips(validate)).toBe(0);
    // The note of its use follows by itself.
    await new Promise((done) => setTimeout(done, 200));
    const strong = { consistency: "strong" } as const;
    const cold = () => t.stratum.validateApiKey(key.plaintext_key, strong);
    expect(await roundTrips(cold)).toBe(1);
    expect(await roundTrips(() => t.stratum.validateApiKey("sk_live_nonsense"))).toBe(0);
    // So does that of its refusal.
    const refusals = "select from stratum.audit_logs where action like 'access.%'";
    while ((await t.rows(refusals)).length === 0) await new Promise((done) => setTimeout(done, 20));
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

  it("resolves and checks permissions in one cold, in none warm, and explains them in one", async () => {
    const { stratum } = t;
    const strong = { consistency: "strong" } as const;
    expect(await roundTrips(() => stratum.resolvePermissions(leaf.id, strong))).toBe(1);
    expect(await roundTrips(() => stratum.checkPermission(leaf.id, "k", strong))).toBe(1);
    await stratum.resolvePermissions(leaf.id);
    expect(await roundTrips(() => stratum.resolvePermissions(leaf.id))).toBe(0);
    expect(await roundTrips(() => stratum.checkPermission(leaf.id, "k"))).toBe(0);
    expect(await roundTrips(() => stratum.explainPermission(leaf.id, "k"))).toBe(1);
    expect(await roundTrips(() => stratum.listPermissionBans(leaf.id))).toBe(2);
  });

  it("changes permissions in as many statements as a single tenant, however many are below", async () => {
    const { stratum } = t;
    const g = await t.grow(["many"]);
    const { created } = await stratum.batchCreateTenants(
      Array.from({ length: 300 }, (_, n) => ({ name: `m${n}`, parent_id: g.many!.id })),
    );
    const single = await stratum.createTenant({ name: "alone" });
    const everywhere = async (key: string): Promise<void> => {
      await t.rows(
        `insert into stratum.permission_policies (id, tenant_id, key)
         select gen_random_uuid(), id, $2 from unnest($1::uuid[]) as id`,
        [created.map(({ id }) => id), key],
      );
    };
    for (const { id } of [single, g.many!]) {
      await t.rows("delete from stratum.permission_policies");
      let policy = "";
      const create = async (): Promise<void> => {
        policy = (await stratum.createPermission(id, { key: "k", mode: "DELEGATED" })).id;
      };
      expect(await roundTrips(create)).toBe(TRANSACTION + 5);
      await everywhere("k");
      const update = () => stratum.updatePermission(id, policy, { value: 1 });
      expect(await roundTrips(update)).toBe(TRANSACTION + 6);
      expect(await roundTrips(() => stratum.deletePermission(id, policy))).toBe(TRANSACTION + 5);
      await everywhere("banned");
      expect(await roundTrips(() => stratum.banPermission(id, "banned"))).toBe(TRANSACTION + 6);
      expect(await roundTrips(() => stratum.banPermission(id, "banned"))).toBe(TRANSACTION + 4);
      expect(await roundTrips(() => stratum.liftPermissionBan(id, "banned"))).toBe(TRANSACTION + 5);
    }
  });
});
