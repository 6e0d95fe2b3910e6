import { runAs, Stratum, type CreateAbacPolicyInput, type Tenant } from "@stratum-hq/lib";
import { codeOf, useStratum } from "../../../../test/support/use-stratum";

const UNKNOWN = "00000000-0000-7000-8000-000000000000";
const ALLOW = {
  name: "readers",
  resource_type: "invoice",
  action: "read",
  effect: "allow",
  conditions: [{ attribute: "subject.role", operator: "eq", value: "clerk" }],
} satisfies CreateAbacPolicyInput;
const ASK = { subject: { role: "clerk" }, resource: { type: "invoice" }, action: "read" };

describe("ABAC policies", () => {
  const t = useStratum();

  async function chain(): Promise<{ root: Tenant; middle: Tenant; leaf: Tenant }> {
    const g = await t.grow(["r", ["m", ["l"]]]);
    return { root: g.r!, middle: g.m!, leaf: g.l! };
  }

  const bound = ({ id }: Tenant) => ({ actor_id: "a", actor_type: "jwt", tenant_id: id }) as const;

  it("are kept as they were given, and decide at the tenant and below", async () => {
    const { root, leaf } = await chain();
    const policy = await t.stratum.createAbacPolicy(root.id, ALLOW);
    expect(policy).toEqual({
      ...ALLOW,
      id: policy.id,
      tenant_id: root.id,
      priority: 0,
      mode: "INHERITED",
      version: 1,
      created_at: expect.stringMatching(/^\d{4}-.*\.\d{3}Z$/) as string,
      updated_at: policy.created_at,
    });
    expect(await t.stratum.getAbacPolicies(root.id)).toEqual([policy]);
    expect(await t.stratum.getAbacPolicies(leaf.id)).toEqual([]);
    const source = { source: root.slug, source_tenant_id: root.id };
    expect(await t.stratum.resolveAbacPolicies(leaf.id)).toEqual([
      { policy, ...source, locked: false, delegated: false },
    ]);
    expect(await t.stratum.evaluateAbac(leaf.id, ASK)).toEqual({
      allowed: true,
      matched_policy: policy,
      reason: "explicit_allow",
    });
    const guest = { ...ASK, subject: { role: "guest" } };
    expect(await t.stratum.evaluateAbac(leaf.id, guest)).toEqual({
      allowed: false,
      matched_policy: null,
      reason: "no_matching_policy",
    });
    const deny = await t.stratum.createAbacPolicy(leaf.id, { ...ALLOW, name: "x", effect: "deny" });
    expect(await t.stratum.evaluateAbac(leaf.id, ASK)).toEqual({
      allowed: false,
      matched_policy: deny,
      reason: "explicit_deny",
    });
    expect((await t.stratum.evaluateAbac(root.id, ASK)).allowed).toBe(true);
  });

  it("come in the order of their priority", async () => {
    const { root, middle } = await chain();
    const at = (tenant: Tenant, name: string, priority: number) =>
      t.stratum.createAbacPolicy(tenant.id, { ...ALLOW, name, priority });
    const b = await at(root, "b", 1);
    const a = await at(root, "a", 1);
    const top = await at(root, "top", 9);
    const low = await at(middle, "low", -1);
    expect(await t.stratum.getAbacPolicies(root.id)).toEqual([top, b, a]);
    const resolved = (await t.stratum.resolveAbacPolicies(middle.id)).map(({ policy }) => policy);
    expect(resolved).toEqual([top, a, b, low]);
    expect((await t.stratum.evaluateAbac(middle.id, ASK)).matched_policy).toEqual(top);
  });

  it("of an archived ancestor take no part", async () => {
    const { root, middle, leaf } = await chain();
    await t.stratum.createAbacPolicy(root.id, { ...ALLOW, mode: "DELEGATED" });
    await t.stratum.createAbacPolicy(middle.id, { ...ALLOW, effect: "deny", mode: "LOCKED" });
    expect((await t.stratum.evaluateAbac(leaf.id, ASK)).reason).toBe("explicit_deny");
    await t.rows("update stratum.tenants set status = 'archived' where id = $1", [middle.id]);
    const strong = { consistency: "strong" } as const;
    expect((await t.stratum.evaluateAbac(leaf.id, ASK, strong)).reason).toBe("explicit_allow");
    expect(await codeOf(t.stratum.createAbacPolicy(leaf.id, ALLOW))).toBe("ok");
  });

  it("that only look alike are policies of their own", async () => {
    const { root, leaf } = await chain();
    const parts = { effect: "allow", mode: "LOCKED" } as const;
    const one = { ...parts, resource_type: "a:b", action: "c", name: "n" };
    const two = { ...parts, resource_type: "a", action: "b:c", name: "n" };
    await t.stratum.createAbacPolicy(root.id, one);
    expect(await codeOf(t.stratum.createAbacPolicy(leaf.id, two))).toBe("ok");
    expect(await codeOf(t.stratum.createAbacPolicy(leaf.id, one))).toBe("ABAC_POLICY_LOCKED");
    expect(await t.stratum.resolveAbacPolicies(leaf.id)).toHaveLength(2);
  });

  it("answer 404, 409 and 412 where they are asked for something else", async () => {
    const { stratum } = t;
    const { root, leaf } = await chain();
    const { id } = await stratum.createAbacPolicy(root.id, { ...ALLOW, mode: "DELEGATED" });
    await expect(stratum.createAbacPolicy(root.id, ALLOW)).rejects.toMatchObject({
      code: "ABAC_POLICY_ALREADY_EXISTS",
      details: { tenant_id: root.id, key: "invoice:read:readers" },
    });
    await expect(stratum.deleteAbacPolicy(leaf.id, id)).rejects.toMatchObject({
      code: "ABAC_POLICY_NOT_FOUND",
      details: { tenant_id: leaf.id, policy_id: id },
    });
    expect(await codeOf(stratum.deleteAbacPolicy(root.id, UNKNOWN))).toBe("ABAC_POLICY_NOT_FOUND");
    const stale = { expected_version: 7 };
    expect(await codeOf(stratum.deleteAbacPolicy(root.id, id, stale))).toBe("VERSION_CONFLICT");
    for (const call of [
      () => stratum.createAbacPolicy(UNKNOWN, ALLOW),
      () => stratum.deleteAbacPolicy(UNKNOWN, id),
      () => stratum.getAbacPolicies(UNKNOWN),
      () => stratum.resolveAbacPolicies(UNKNOWN),
      () => stratum.evaluateAbac(UNKNOWN, ASK),
    ]) {
      expect(await codeOf(call())).toBe("TENANT_NOT_FOUND");
    }
    await stratum.suspendTenant(leaf.id);
    expect(await codeOf(stratum.createAbacPolicy(leaf.id, ALLOW))).toBe("TENANT_SUSPENDED");
    expect(await codeOf(stratum.deleteAbacPolicy(leaf.id, id))).toBe("TENANT_SUSPENDED");
    expect(await codeOf(stratum.deleteAbacPolicy(root.id, id, { expected_version: 1 }))).toBe("ok");
    expect(await codeOf(stratum.deleteAbacPolicy(root.id, id))).toBe("ABAC_POLICY_NOT_FOUND");
  });

  it("are refused below a lock, and say where it is held", async () => {
    const { root, leaf } = await chain();
    await t.stratum.createAbacPolicy(root.id, { ...ALLOW, mode: "LOCKED" });
    const details = { key: "invoice:read:readers", source_tenant_id: root.id };
    const refusal = { code: "ABAC_POLICY_LOCKED", statusCode: 403, details };
    await expect(t.stratum.createAbacPolicy(leaf.id, ALLOW)).rejects.toMatchObject(refusal);
    await t.stratum.createAbacPolicy(root.id, { ...ALLOW, name: "other" });
    const wider = { ...ALLOW, name: "other", mode: "DELEGATED" } as const;
    await expect(t.stratum.createAbacPolicy(leaf.id, wider)).rejects.toMatchObject({
      code: "PERMISSION_NOT_DELEGATED",
      details: { key: "invoice:read:other", source_tenant_id: root.id },
    });
  });

  it("stand in the log of every tenant that a deletion took one from, as one operation", async () => {
    const { root, middle, leaf } = await chain();
    const input = { ...ALLOW, mode: "DELEGATED" } as const;
    const top = await t.stratum.createAbacPolicy(root.id, input);
    for (const { id } of [middle, leaf]) await t.stratum.createAbacPolicy(id, input);
    const state = { ...input, priority: 0, version: 1 };
    const [creation] = await t.stratum.queryAuditLogs({ tenant_id: leaf.id, limit: 1 });
    expect(creation).toMatchObject({ action: "abac_policy.created", before_state: null });
    expect(creation?.after_state).toEqual(state);
    await t.stratum.deleteAbacPolicy(root.id, top.id, { actor_id: "alice", actor_type: "jwt" });
    const operations = new Set<string>();
    for (const { id } of [root, middle, leaf]) {
      expect(await t.stratum.getAbacPolicies(id)).toEqual([]);
      const [entry] = await t.stratum.queryAuditLogs({ tenant_id: id, limit: 1 });
      expect(entry).toMatchObject({
        actor_id: "alice",
        action: "abac_policy.deleted",
        resource_type: "abac_policy",
        after_state: null,
      });
      expect(entry?.before_state).toEqual(state);
      operations.add(entry!.operation_id);
    }
    const events = await t.rows<{ type: string; tenant_id: string; data: object }>(
      "select type, tenant_id, data from stratum.webhook_events where operation_id = any($1)",
      [[...operations]],
    );
    const key = { resource_type: "invoice", action: "read", name: "readers" };
    expect(events).toMatchObject([
      {
        type: "abac_policy.deleted",
        tenant_id: root.id,
        data: { policy_id: top.id, ...key, count: 3 },
      },
    ]);
  });

  it("do not tell caches and queues what their conditions are", async () => {
    const { root } = await chain();
    const secret = {
      attribute: "subject.email",
      operator: "eq",
      value: "hush@example.com",
    } as const;
    const { id } = await t.stratum.createAbacPolicy(root.id, { ...ALLOW, conditions: [secret] });
    await t.stratum.deleteAbacPolicy(root.id, id);
    const told = "select from stratum.webhook_events where data::text like '%hush@%'";
    expect(await t.rows(told)).toHaveLength(0);
  });

  it("are those of its own subtree to a bound caller", async () => {
    const { stratum } = t;
    const { root, middle, leaf } = await chain();
    const policy = await stratum.createAbacPolicy(root.id, { ...ALLOW, mode: "DELEGATED" });
    await runAs(bound(middle), async () => {
      expect(await codeOf(stratum.createAbacPolicy(leaf.id, ALLOW))).toBe("ok");
      expect((await stratum.evaluateAbac(leaf.id, ASK)).allowed).toBe(true);
      for (const call of [
        () => stratum.createAbacPolicy(root.id, { ...ALLOW, name: "mine" }),
        () => stratum.deleteAbacPolicy(root.id, policy.id),
        () => stratum.getAbacPolicies(root.id),
        () => stratum.resolveAbacPolicies(root.id),
        () => stratum.evaluateAbac(root.id, ASK),
      ]) {
        expect(await codeOf(call())).toBe("TENANT_NOT_FOUND");
      }
    });
    // Also where the answer is in the cache already.
    await stratum.evaluateAbac(root.id, ASK);
    const read = () => codeOf(stratum.evaluateAbac(root.id, ASK));
    expect(await runAs(bound(leaf), read)).toBe("TENANT_NOT_FOUND");
  });

  it("of tenants above are nameless to who may not know these", async () => {
    const { root, middle, leaf } = await chain();
    const policy = await t.stratum.createAbacPolicy(root.id, { ...ALLOW, mode: "LOCKED" });
    const own = await t.stratum.createAbacPolicy(middle.id, { ...ALLOW, name: "z" });
    const nameless = { ...policy, tenant_id: null };
    const details = { key: "invoice:read:readers", source_tenant_id: null };
    await runAs(bound(middle), async () => {
      for (const { id } of [middle, leaf]) {
        expect(await t.stratum.resolveAbacPolicies(id)).toMatchObject([
          { policy: nameless, source: "inherited", source_tenant_id: null, locked: true },
          { policy: own, source: middle.slug, source_tenant_id: middle.id },
        ]);
        const { matched_policy } = await t.stratum.evaluateAbac(id, ASK);
        expect(matched_policy).toEqual(nameless);
      }
      const refused = t.stratum.createAbacPolicy(leaf.id, ALLOW);
      await expect(refused).rejects.toMatchObject({ code: "ABAC_POLICY_LOCKED", details });
    });
    const trusted = { ...bound(middle), scopes: ["ancestors:read", "permissions:read"] };
    await runAs(trusted, async () => {
      expect((await t.stratum.evaluateAbac(leaf.id, ASK)).matched_policy).toEqual(policy);
    });
    expect((await t.stratum.evaluateAbac(leaf.id, ASK)).matched_policy).toEqual(policy);
  });

  it("are introduced by roots and the platform alone, where permissionOrigin says so", async () => {
    const strict = new Stratum({ pool: t.pool, permissionOrigin: "root" });
    const { root, middle, leaf } = await chain();
    const at = (tenant: Tenant) =>
      runAs(bound(root), () =>
        codeOf(strict.createAbacPolicy(tenant.id, { ...ALLOW, mode: "DELEGATED" })),
      );
    expect(await at(middle)).toBe("PERMISSION_NOT_DELEGATED");
    expect(await at(root)).toBe("ok");
    expect(await at(middle)).toBe("ok");
    const byPlatform = strict.createAbacPolicy(leaf.id, { ...ALLOW, name: "platform" });
    expect(await codeOf(byPlatform)).toBe("ok");
    await strict.close();
  });

  it("show a change in the process that made it at once, at every level below", async () => {
    const { root, middle, leaf } = await chain();
    for (let n = 0; n < 10; n += 1) {
      const { id } = await t.stratum.createAbacPolicy(root.id, ALLOW);
      for (const tenant of [root, middle, leaf])
        expect((await t.stratum.evaluateAbac(tenant.id, ASK)).allowed).toBe(true);
      await t.stratum.deleteAbacPolicy(root.id, id);
      for (const tenant of [root, middle, leaf])
        expect((await t.stratum.evaluateAbac(tenant.id, ASK)).allowed).toBe(false);
    }
    await t.stratum.createAbacPolicy(root.id, ALLOW);
    const shared = await t.stratum.resolveAbacPolicies(leaf.id);
    expect(await t.stratum.resolveAbacPolicies(leaf.id)).toBe(shared);
    expect(Object.isFrozen(shared) && Object.isFrozen(shared[0]?.policy.conditions)).toBe(true);
    const { matched_policy } = await t.stratum.evaluateAbac(leaf.id, ASK);
    expect(matched_policy).toBe(shared[0]?.policy);
  });

  it("of one tenant beyond ten thousand are too many for one list", async () => {
    const { root } = await chain();
    await t.rows(
      `insert into stratum.abac_policies (id, tenant_id, name, resource_type, action, effect)
       select gen_random_uuid(), $1, 'n' || n, '*', '*', 'deny' from generate_series(1, 10001) as n`,
      [root.id],
    );
    await expect(t.stratum.getAbacPolicies(root.id)).rejects.toMatchObject({
      code: "RESULT_TOO_LARGE",
      details: { limit: 10_000, use: "deleteAbacPolicy" },
    });
  });
});
