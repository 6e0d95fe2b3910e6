import { PERMISSION_MODES, type PermissionMode, type Tenant } from "@stratum-hq/lib";
import { codeOf, useStratum } from "../../../../test/support/use-stratum";

/** Every combination of the mode in effect above, the own mode and the operation. */
describe("what a descendant may do with an ABAC policy", () => {
  const t = useStratum();
  let serial = 0;

  const NONE = "none";
  const EFFECTIVE = [NONE, ...PERMISSION_MODES] as const;
  const cases = EFFECTIVE.flatMap((effective) =>
    PERMISSION_MODES.map((mode) => [effective, mode] as const),
  );

  async function chain() {
    serial += 1;
    const g = await t.grow(["r", ["m", ["l"]]]);
    return { root: g.r!, middle: g.m!, leaf: g.l!, name: `n${serial}` };
  }

  /** Puts a policy into the table past every rule, as a state that rules may have to deal with. */
  async function plant(tenant: Tenant, name: string, mode: PermissionMode): Promise<string> {
    const [row] = await t.rows<{ id: string }>(
      `insert into stratum.abac_policies (id, tenant_id, name, resource_type, action, effect, mode)
       values (gen_random_uuid(), $1, $2, 'doc', 'read', 'allow', $3) returning id`,
      [tenant.id, name, mode],
    );
    return row!.id;
  }

  /** How many tenants have a policy of the name. */
  async function holders(name: string): Promise<number> {
    const rows = await t.rows("select from stratum.abac_policies where name = $1", [name]);
    return rows.length;
  }

  it.each(cases)("below %s: creates with mode %s", async (effective, mode) => {
    const { root, leaf, name } = await chain();
    if (effective !== NONE) await plant(root, name, effective);
    const create = t.stratum.createAbacPolicy(leaf.id, {
      ...{ name, resource_type: "doc", action: "read", effect: "deny" },
      mode,
    });
    const delegated = effective === NONE || effective === "DELEGATED" || mode === "INHERITED";
    const wanted = delegated ? "ok" : "PERMISSION_NOT_DELEGATED";
    expect(await codeOf(create)).toBe(effective === "LOCKED" ? "ABAC_POLICY_LOCKED" : wanted);
  });

  it.each(cases)(
    "below %s: deletes one of mode %s, and what is below it",
    async (effective, mode) => {
      const { root, middle, leaf, name } = await chain();
      if (effective !== NONE) await plant(root, name, effective);
      const id = await plant(middle, name, mode);
      await plant(leaf, name, "INHERITED");
      await plant(leaf, `${name}.other`, mode);
      const above = effective === NONE ? 0 : 1;
      const deletion = await codeOf(t.stratum.deleteAbacPolicy(middle.id, id));
      expect(deletion).toBe(effective === "LOCKED" ? "ABAC_POLICY_LOCKED" : "ok");
      expect(await holders(name)).toBe(effective === "LOCKED" ? 3 : above);
      expect(await holders(`${name}.other`)).toBe(1);
    },
  );

  it.each(cases)("below %s: resolves one of mode %s", async (effective, mode) => {
    const { root, middle, leaf, name } = await chain();
    if (effective !== NONE) await plant(root, name, effective);
    const id = await plant(middle, name, mode);
    const [resolved, ...others] = await t.stratum.resolveAbacPolicies(leaf.id);
    expect(others).toEqual([]);
    const winner = effective === "LOCKED" ? root : middle;
    expect(resolved).toMatchObject({
      policy: { name, tenant_id: winner.id, mode: winner === root ? "LOCKED" : mode },
      source: winner.slug,
      source_tenant_id: winner.id,
      locked: winner === root || mode === "LOCKED",
      delegated: winner === middle && mode === "DELEGATED",
    });
    if (winner === middle) expect(resolved?.policy.id).toBe(id);
  });
});
