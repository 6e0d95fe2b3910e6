import { PERMISSION_MODES, REVOCATION_MODES, type PermissionMode } from "@stratum-hq/lib";
import { permissionChains } from "../../../../test/support/permission-chains";
import { codeOf, useStratum } from "../../../../test/support/use-stratum";

/** Every combination of the mode in effect above, the own mode, the revocation mode and the operation. */
describe("what a descendant may do", () => {
  const t = useStratum();
  const { chain, plant, holders } = permissionChains(t);

  const NONE = "none";
  const EFFECTIVE = [NONE, ...PERMISSION_MODES] as const;

  /** The table of the semantics, spelled out. */
  function expected(effective: (typeof EFFECTIVE)[number], mode: PermissionMode): string {
    if (effective === NONE || effective === "DELEGATED") return "ok";
    if (effective === "LOCKED") return "PERMISSION_LOCKED";
    return mode === "INHERITED" ? "ok" : "PERMISSION_NOT_DELEGATED";
  }

  const cases = EFFECTIVE.flatMap((effective) =>
    PERMISSION_MODES.flatMap((mode) =>
      REVOCATION_MODES.map((revocation) => [effective, mode, revocation] as const),
    ),
  );

  it.each(cases)("below %s: creates with mode %s, revoked by %s", async (effective, mode, r) => {
    const { root, leaf, key } = await chain();
    if (effective !== NONE) await plant(root, key, effective);
    const create = t.stratum.createPermission(leaf.id, {
      key,
      value: 1,
      mode,
      revocation_mode: r,
    });
    expect(await codeOf(create)).toBe(expected(effective, mode));
  });

  it.each(cases)(
    "below %s: updates to mode %s what is revoked by %s",
    async (effective, mode, r) => {
      const { root, leaf, key } = await chain();
      const id = await plant(leaf, key, "INHERITED", r);
      if (effective !== NONE) await plant(root, key, effective);
      const permanent = r === "PERMANENT" ? "PERMISSION_REVOCATION_DENIED" : "ok";
      const refusal = expected(effective, mode);
      const wanted = refusal === "ok" ? permanent : refusal;
      expect(await codeOf(t.stratum.updatePermission(leaf.id, id, { value: 1, mode }))).toBe(
        wanted,
      );
      const forced = { value: 2, mode, force: true };
      expect(await codeOf(t.stratum.updatePermission(leaf.id, id, forced))).toBe(refusal);
    },
  );

  it.each(cases)("below %s: deletes one of mode %s, revoked by %s", async (effective, mode, r) => {
    const { root, middle, leaf, key } = await chain();
    if (effective !== NONE) await plant(root, key, effective);
    const id = await plant(middle, key, mode, r);
    await plant(leaf, key, "INHERITED");
    const above = effective === NONE ? [] : ["r"];
    const permanent = r === "PERMANENT" ? "PERMISSION_REVOCATION_DENIED" : "ok";
    const wanted = effective === "LOCKED" ? "PERMISSION_LOCKED" : permanent;
    expect(await codeOf(t.stratum.deletePermission(middle.id, id))).toBe(wanted);
    if (wanted !== "ok") expect(await holders(key)).toEqual([...above, "m", "l"]);
    else expect(await holders(key)).toEqual(r === "CASCADE" ? above : [...above, "l"]);
  });

  it.each(cases)("below %s: resolves one of mode %s, revoked by %s", async (effective, mode, r) => {
    const { root, middle, leaf, key } = await chain();
    if (effective !== NONE) await plant(root, key, effective);
    const id = await plant(middle, key, mode, r);
    const resolved = (await t.stratum.resolvePermissions(leaf.id))[key];
    const winner = effective === "LOCKED" ? root : middle;
    expect(resolved).toMatchObject({
      value: winner.slug,
      source: winner.slug,
      source_tenant_id: winner.id,
      mode: winner === root ? "LOCKED" : mode,
      locked: winner === root || mode === "LOCKED",
      delegated: winner === middle && mode === "DELEGATED",
    });
    if (winner === middle) expect(resolved?.policy_id).toBe(id);
  });

  it.each(cases)("below %s: bans one of mode %s, revoked by %s", async (effective, mode, r) => {
    const { root, middle, leaf, key } = await chain();
    if (effective !== NONE) await plant(root, key, effective);
    await plant(middle, key, mode, r);
    await plant(leaf, key, "INHERITED");
    const above = effective === NONE ? [] : ["r"];
    const ban = await codeOf(t.stratum.banPermission(middle.id, key));
    expect(ban).toBe(r === "PERMANENT" ? "PERMISSION_REVOCATION_DENIED" : "ok");
    expect(await holders(key)).toEqual(ban === "ok" ? above : [...above, "m", "l"]);
    expect(await codeOf(t.stratum.banPermission(middle.id, key, { force: true }))).toBe("ok");
    expect(await holders(key)).toEqual(above);
    for (const { id } of [middle, leaf]) {
      expect(await t.stratum.resolvePermissions(id)).toEqual({});
      expect(await codeOf(t.stratum.createPermission(id, { key, mode }))).toBe("PERMISSION_BANNED");
    }
  });

  it.each(cases)(
    "below %s: lifts the ban of one of mode %s, revoked by %s",
    async (effective, mode, r) => {
      const { root, middle, leaf, key } = await chain();
      if (effective !== NONE) await plant(root, key, effective);
      await t.stratum.banPermission(middle.id, key);
      expect(await t.stratum.checkPermission(leaf.id, key)).toBe(false);
      expect(await codeOf(t.stratum.liftPermissionBan(leaf.id, key))).toBe("PERMISSION_NOT_FOUND");
      await t.stratum.liftPermissionBan(middle.id, key);
      const resolved = (await t.stratum.resolvePermissions(leaf.id))[key];
      expect(resolved?.source_tenant_id).toBe(effective === NONE ? undefined : root.id);
      const create = t.stratum.createPermission(middle.id, { key, mode, revocation_mode: r });
      expect(await codeOf(create)).toBe(expected(effective, mode));
    },
  );
});
