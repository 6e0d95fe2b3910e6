import { runAs } from "@stratum-hq/lib";
import { codeOf, useStratum } from "../../../../test/support/use-stratum";

describe("configuration", () => {
  const t = useStratum();

  async function values(id: string): Promise<Record<string, unknown>> {
    const config = await t.stratum.resolveConfig(id);
    return Object.fromEntries(Object.values(config).map(({ key, value }) => [key, value]));
  }

  it("flows from root to leaf; the nearest entry wins", async () => {
    const g = await t.grow(["a", ["a1", ["a2"]]]);
    await t.stratum.setConfig(g.a!.id, "max_users", { value: 1000 });
    await t.stratum.setConfig(g.a1!.id, "max_users", { value: 50 });
    await t.stratum.setConfig(g.a!.id, "color", { value: null });
    expect(await t.stratum.resolveConfig(g.a2!.id)).toEqual({
      color: {
        key: "color",
        value: null,
        source: "a",
        source_tenant_id: g.a!.id,
        inherited: true,
        locked: false,
        sensitive: false,
      },
      max_users: {
        key: "max_users",
        value: 50,
        source: "a1",
        source_tenant_id: g.a1!.id,
        inherited: true,
        locked: false,
        sensitive: false,
      },
    });
  });

  it("lets the uppermost lock decide, and shadows overrides until it goes", async () => {
    const g = await t.grow(["b", ["b1", ["b2"]]]);
    await t.stratum.setConfig(g.b2!.id, "mfa", { value: "leaf" });
    await t.stratum.setConfig(g.b1!.id, "mfa", { value: "middle", locked: true });
    await t.stratum.setConfig(g.b!.id, "mfa", { value: "root", locked: true });
    expect(await values(g.b2!.id)).toEqual({ mfa: "root" });
    await expect(t.stratum.setConfig(g.b2!.id, "mfa", { value: 1 })).rejects.toMatchObject({
      code: "CONFIG_LOCKED",
      details: { key: "mfa", source_tenant_id: g.b!.id },
    });
    await t.stratum.setConfig(g.b!.id, "mfa", { value: "root", locked: false });
    expect(await values(g.b2!.id)).toEqual({ mfa: "middle" });
    await t.stratum.deleteConfig(g.b2!.id, "mfa");
    await t.stratum.deleteConfig(g.b1!.id, "mfa");
    expect(await values(g.b2!.id)).toEqual({ mfa: "root" });
  });

  it("keeps flags that a set leaves out, and counts setting the same as no change", async () => {
    const { c } = await t.grow(["c"]);
    const first = await t.stratum.setConfig(c!.id, "k", { value: { a: 1, b: 2 }, locked: true });
    expect(first).toMatchObject({ version: 1, locked: true });
    expect(await t.stratum.setConfig(c!.id, "k", { value: { b: 2, a: 1 } })).toEqual(first);
    expect(await t.stratum.setConfig(c!.id, "k", { value: 2 })).toMatchObject({
      version: 2,
      locked: true,
    });
    expect(await codeOf(t.stratum.setConfig(c!.id, "k", { value: 3, expected_version: 1 }))).toBe(
      "VERSION_CONFLICT",
    );
    expect(await codeOf(t.stratum.deleteConfig(c!.id, "k", { expected_version: 1 }))).toBe(
      "VERSION_CONFLICT",
    );
    expect(await codeOf(t.stratum.deleteConfig(c!.id, "none"))).toBe("CONFIG_NOT_FOUND");
  });

  it("leaves archived ancestors out", async () => {
    const g = await t.grow(["d", ["d1"]]);
    await t.stratum.setConfig(g.d!.id, "k", { value: 1, locked: true });
    await t.stratum.archiveTenant(g.d!.id, { subtree: true });
    expect(await values(g.d1!.id)).toEqual({});
    expect(await values(g.d!.id)).toEqual({ k: 1 });
    await t.stratum.resumeTenant(g.d!.id, { subtree: true });
    expect(await values(g.d1!.id)).toEqual({ k: 1 });
  });

  it("inherits from the new place after a move", async () => {
    const g = await t.grow(["e", ["e1", ["e2"]], ["e3"]]);
    await t.stratum.setConfig(g.e1!.id, "k", { value: "old" });
    await t.stratum.setConfig(g.e3!.id, "k", { value: "new" });
    expect(await values(g.e2!.id)).toEqual({ k: "old" });
    await t.stratum.moveTenant(g.e2!.id, g.e3!.id);
    expect(await values(g.e2!.id)).toEqual({ k: "new" });
  });

  it("names the new slug of a source as soon as it is renamed", async () => {
    const g = await t.grow(["f", ["f1"]]);
    await t.stratum.setConfig(g.f!.id, "k", { value: 1 });
    await t.stratum.resolveConfig(g.f1!.id);
    await t.stratum.updateTenant(g.f!.id, { slug: "f_renamed" });
    expect((await t.stratum.resolveConfig(g.f1!.id)).k?.source).toBe("f_renamed");
  });

  it("freezes what it shares", async () => {
    const { z } = await t.grow(["z"]);
    await t.stratum.setConfig(z!.id, "k", { value: { deep: [1] } });
    const config = await t.stratum.resolveConfig(z!.id);
    expect(await t.stratum.resolveConfig(z!.id)).toBe(config);
    expect(() => (config.k!.value as { deep: number[] }).deep.push(2)).toThrow(TypeError);
  });

  describe("batchSetConfig", () => {
    it("lets bad keys fail alone, and answers in the order of the input", async () => {
      const g = await t.grow(["g", ["g1"]]);
      await t.stratum.setConfig(g.g!.id, "locked", { value: 1, locked: true });
      await t.stratum.setConfig(g.g1!.id, "old", { value: 1 });
      const result = await t.stratum.batchSetConfig(g.g1!.id, [
        { key: "z", value: 1 },
        { key: "locked", value: 2 },
        { key: "bad key", value: 1 },
        { key: "big", value: "x".repeat(70_000) },
        { key: "z", value: 2 },
        { key: "old", value: 1, expected_version: 4 },
        { key: "a", value: null },
        { key: "stratum.nope", value: 1 },
      ]);
      expect(result.results.map(({ key, code }) => [key, code ?? "ok"])).toEqual([
        ["z", "ok"],
        ["locked", "CONFIG_LOCKED"],
        ["bad key", "VALIDATION_ERROR"],
        ["big", "VALIDATION_ERROR"],
        ["z", "VALIDATION_ERROR"],
        ["old", "VERSION_CONFLICT"],
        ["a", "ok"],
        ["stratum.nope", "VALIDATION_ERROR"],
      ]);
      expect(result).toMatchObject({ succeeded: 2, failed: 6 });
      expect(result.results[0]?.entry).toMatchObject({ key: "z", value: 1, version: 1 });
      expect(await values(g.g1!.id)).toEqual({ a: null, locked: 1, old: 1, z: 1 });
    });

    it("refuses an unknown tenant as a whole", async () => {
      const unknown = "00000000-0000-7000-8000-000000000000";
      const batch = t.stratum.batchSetConfig(unknown, [{ key: "k", value: 1 }]);
      expect(await codeOf(batch)).toBe("TENANT_NOT_FOUND");
    });
  });

  describe("why a value is what it is", () => {
    it("shows each key's chain from root to leaf", async () => {
      const g = await t.grow(["h", ["h1"]]);
      await t.stratum.setConfig(g.h1!.id, "k", { value: "own" });
      await t.stratum.setConfig(g.h!.id, "k", { value: "root", locked: true });
      const { k } = await t.stratum.getConfigWithInheritance(g.h1!.id);
      expect(k).toMatchObject({ value: "root", locked: true, inherited: true });
      expect(k?.chain).toEqual([
        { tenant_id: g.h!.id, slug: "h", depth: 0, value: "root", locked: true, effective: true },
        {
          tenant_id: g.h1!.id,
          slug: "h1",
          depth: 1,
          value: "own",
          locked: false,
          effective: false,
        },
      ]);
    });

    it("compares two tenants, keys sorted", async () => {
      const g = await t.grow(["i", ["i1"], ["i2"]]);
      await t.stratum.setConfig(g.i!.id, "same", { value: 1 });
      await t.stratum.setConfig(g.i!.id, "fixed", { value: 1, locked: true });
      await t.stratum.setConfig(g.i1!.id, "b", { value: 1 });
      await t.stratum.setConfig(g.i2!.id, "b", { value: 2 });
      await t.stratum.setConfig(g.i2!.id, "a", { value: 2 });
      expect(await t.stratum.diffConfig(g.i1!.id, g.i2!.id)).toEqual({
        tenant_a: { id: g.i1!.id, name: "i1" },
        tenant_b: { id: g.i2!.id, name: "i2" },
        diff: [
          { key: "a", tenant_a: null, tenant_b: { value: 2, status: "own", source: "i2" } },
          {
            key: "b",
            tenant_a: { value: 1, status: "own", source: "i1" },
            tenant_b: { value: 2, status: "own", source: "i2" },
          },
        ],
      });
    });

    it("computes drift: ok, override, missing and conflict", async () => {
      const g = await t.grow(["j", ["j1"], ["j2"]]);
      await t.stratum.setConfig(g.j1!.id, "conflict", { value: "mine" });
      await t.stratum.setConfig(g.j!.id, "conflict", { value: "theirs", locked: true });
      await t.stratum.setConfig(g.j!.id, "ok", { value: 1 });
      await t.stratum.setConfig(g.j!.id, "override", { value: 1 });
      await t.stratum.setConfig(g.j1!.id, "override", { value: 2 });
      await t.stratum.setConfig(g.j1!.id, "missing", { value: 2 });
      const drift = await t.stratum.computeDrift(g.j!.id, g.j1!.id);
      expect(drift.details.map(({ key, status }) => [key, status])).toEqual([
        ["conflict", "conflict"],
        ["missing", "missing"],
        ["ok", "ok"],
        ["override", "override"],
      ]);
      expect(drift).toMatchObject({ status: "conflict", overrides: 1, missing: 1, conflicts: 1 });
      const batch = await t.stratum.batchComputeDrift(g.j!.id, [g.j2!.id, g.j1!.id]);
      expect(batch.results.map(({ tenant_name }) => tenant_name)).toEqual(["j2", "j1"]);
      expect(batch.results[1]).toEqual(drift);
      expect(batch.summary).toEqual({ ok: 1, override: 0, missing: 0, conflict: 1 });
    });
  });

  describe("reserved keys", () => {
    const as = <T>(tenant_id: string, work: () => T): T =>
      runAs({ actor_id: "key", actor_type: "api_key", tenant_id }, work);

    it("are set by a level strictly above, with the shape that core gives them", async () => {
      const g = await t.grow(["k", ["k1", ["k2"]]]);
      const limit = { value: { limit: 10, window_ms: 1000 } };
      const set = (id: string) => codeOf(t.stratum.setConfig(id, "stratum.rate_limit", limit));
      await as(g.k1!.id, async () => {
        expect(await set(g.k1!.id)).toBe("CONFIG_KEY_RESERVED");
        expect(await set(g.k2!.id)).toBe("ok");
        const drop = t.stratum.deleteConfig(g.k1!.id, "stratum.rate_limit");
        expect(await codeOf(drop)).toBe("CONFIG_KEY_RESERVED");
      });
      expect(await set(g.k!.id)).toBe("ok");
      const wrong = t.stratum.setConfig(g.k!.id, "stratum.rate_limit", { value: 10 });
      expect(await codeOf(wrong)).toBe("VALIDATION_ERROR");
      const unknown = t.stratum.setConfig(g.k!.id, "stratum.other", { value: 10 });
      expect(await codeOf(unknown)).toBe("VALIDATION_ERROR");
    });
  });
});
