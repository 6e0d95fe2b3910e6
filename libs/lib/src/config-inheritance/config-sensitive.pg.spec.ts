import { runAs, type SetConfigInput } from "@stratum-hq/lib";
import { codeOf, useStratum } from "../../../../test/support/use-stratum";

const SECRET = "sk-topsecret-8f2c";

describe("sensitive configuration", () => {
  const t = useStratum();

  async function stored(id: string, key: string): Promise<{ value: unknown; sensitive: boolean }> {
    const [row] = await t.rows<{ value: unknown; sensitive: boolean }>(
      "select value, sensitive from stratum.config_entries where tenant_id = $1 and key = $2",
      [id, key],
    );
    return row!;
  }

  const setSecret = (id: string, key: string, input: Partial<SetConfigInput> = {}) =>
    t.stratum.setConfig(id, key, { value: SECRET, sensitive: true, ...input });

  it("is encrypted at rest and in clear to the library's caller, inherited too", async () => {
    const g = await t.grow(["a", ["a1"]]);
    expect(await setSecret(g.a!.id, "api.key")).toMatchObject({ value: SECRET, sensitive: true });
    expect(await stored(g.a!.id, "api.key")).toEqual({
      value: expect.stringMatching(/^v1\.1\.[\w-]{16}\.[\w-]+$/) as unknown,
      sensitive: true,
    });
    expect((await t.stratum.resolveConfig(g.a1!.id))["api.key"]).toMatchObject({
      value: SECRET,
      inherited: true,
      sensitive: true,
    });
    const { "api.key": explained } = await t.stratum.getConfigWithInheritance(g.a1!.id);
    expect(explained!.chain).toMatchObject([{ value: SECRET }]);
  });

  it("keeps any JSON", async () => {
    const { b } = await t.grow(["b"]);
    const value = { text: "ä\u0000\n".replace("\u0000", "x"), list: [1.5, null, { deep: true }] };
    await t.stratum.setConfig(b!.id, "json", { value, sensitive: true });
    await t.stratum.setConfig(b!.id, "null", { value: null, sensitive: true });
    const config = await t.stratum.resolveConfig(b!.id, { consistency: "strong" });
    expect(config["json"]!.value).toEqual(value);
    expect(config["null"]!.value).toBeNull();
    expect(config["null"]).not.toHaveProperty("error");
  });

  it("stays so when a set leaves the flag out, and counts the same value as no change", async () => {
    const { c } = await t.grow(["c"]);
    const first = await setSecret(c!.id, "k");
    expect(await t.stratum.setConfig(c!.id, "k", { value: SECRET })).toMatchObject({ version: 1 });
    expect(await t.stratum.setConfig(c!.id, "k", { value: "other" })).toMatchObject({
      version: 2,
      sensitive: true,
      created_at: first.created_at,
    });
    expect((await stored(c!.id, "k")).value).toMatch(/^v1\./);
  });

  it("is what an override of a key is that is sensitive above, however it is written", async () => {
    const g = await t.grow(["d", ["d1"]]);
    await setSecret(g.d!.id, "k");
    expect(await t.stratum.setConfig(g.d1!.id, "k", { value: "own" })).toMatchObject({
      sensitive: true,
    });
    await t.stratum.batchSetConfig(g.d1!.id, [{ key: "k", value: "batch" }]);
    const created = await t.stratum.createTenant({
      name: "d2",
      parent_id: g.d!.id,
      config: { k: "created", plain: 1 },
    });
    for (const id of [g.d1!.id, created.id]) {
      expect((await stored(id, "k")).value).toMatch(/^v1\./);
    }
    expect(await stored(created.id, "plain")).toEqual({ value: 1, sensitive: false });
    expect((await t.stratum.resolveConfig(created.id))["k"]!.value).toBe("created");
    expect((await t.stratum.resolveConfig(g.d1!.id))["k"]!.value).toBe("batch");
  });

  it("is cleared where it begins, by who may see the value", async () => {
    const g = await t.grow(["e", ["e1"]]);
    await setSecret(g.e!.id, "k");
    const declassify = (id: string) => t.stratum.setConfig(id, "k", { value: 1, sensitive: false });
    const as = (held: { scopes?: string[] }) =>
      runAs({ actor_id: "key", actor_type: "api_key", ...held }, () => codeOf(declassify(g.e!.id)));
    await expect(declassify(g.e1!.id)).rejects.toMatchObject({
      code: "VALIDATION_ERROR",
      message: expect.stringContaining("sensitive at a tenant above") as unknown,
    });
    expect(await as({ scopes: ["config:write"] })).toBe("FORBIDDEN");
    // The facade holds nobody to scopes that were not told.
    expect(await as({})).toBe("FORBIDDEN");
    expect(await as({ scopes: ["config:write", "config:reveal"] })).toBe("ok");
    expect(await stored(g.e!.id, "k")).toEqual({ value: 1, sensitive: false });
    expect(await codeOf(declassify(g.e1!.id))).toBe("ok");
  });

  it("cannot be a key that Stratum itself reads", async () => {
    const { f } = await t.grow(["f"]);
    const input = { value: 5, sensitive: true };
    expect(await codeOf(t.stratum.setConfig(f!.id, "stratum.max_descendants", input))).toBe(
      "VALIDATION_ERROR",
    );
  });

  it("fails alone in a batch and in a resolve, where a value does not decrypt", async () => {
    const { g } = await t.grow(["g"]);
    await setSecret(g!.id, "bad");
    await setSecret(g!.id, "good");
    await t.rows(
      `update stratum.config_entries set value = to_jsonb(overlay(value #>> '{}' placing 'AAAA' from 30))
       where tenant_id = $1 and key = 'bad'`,
      [g!.id],
    );
    const config = await t.stratum.resolveConfig(g!.id, { consistency: "strong" });
    expect(config["bad"]).toMatchObject({ value: null, error: "DECRYPTION_FAILED" });
    expect(config["good"]).toMatchObject({ value: SECRET });
    const { bad } = await t.stratum.getConfigWithInheritance(g!.id);
    expect(bad!.chain).toMatchObject([{ value: null, error: "DECRYPTION_FAILED" }]);
    expect(await t.stratum.setConfig(g!.id, "bad", { value: null })).toMatchObject({ version: 2 });
    expect((await t.stratum.resolveConfig(g!.id))["bad"]).not.toHaveProperty("error");
  });

  it.each([
    ["another tenant", "update stratum.config_entries set tenant_id = $2 where tenant_id = $1"],
    [
      "another key",
      "update stratum.config_entries set key = 'moved' where tenant_id = $1 and $2 <> ''",
    ],
  ])("does not decrypt when it is moved to %s", async (_where, move) => {
    const g = await t.grow(["h", ["h1"]]);
    await setSecret(g.h!.id, "k");
    await setSecret(g.h1!.id, "other");
    await t.rows(move, [g.h!.id, g.h1!.id]);
    const moved = (await t.stratum.resolveConfig(g.h1!.id, { consistency: "strong" }))["k"];
    const renamed = (await t.stratum.resolveConfig(g.h!.id, { consistency: "strong" }))["moved"];
    expect(moved ?? renamed).toMatchObject({ value: null, error: "DECRYPTION_FAILED" });
  });

  it("does not decrypt, and is not shown as it is kept, once the tenant's keys are destroyed", async () => {
    const { l } = await t.grow(["l"]);
    await setSecret(l!.id, "k");
    await t.rows("delete from stratum.tenant_keys where tenant_id = $1", [l!.id]);
    const config = await t.stratum.resolveConfig(l!.id, { consistency: "strong" });
    expect(config["k"]).toMatchObject({ value: null, error: "DECRYPTION_FAILED" });
    expect(await t.stratum.setConfig(l!.id, "k", { value: SECRET })).toMatchObject({ version: 2 });
    expect((await t.stratum.resolveConfig(l!.id))["k"]!.value).toBe(SECRET);
  });

  it("is compared, not shown as ciphertext, by diff and drift", async () => {
    const g = await t.grow(["i", ["i1"]]);
    await setSecret(g.i!.id, "k");
    await setSecret(g.i1!.id, "k");
    await setSecret(g.i!.id, "same");
    await t.stratum.setConfig(g.i1!.id, "same", { value: SECRET });
    await t.stratum.setConfig(g.i1!.id, "k", { value: "other" });
    expect((await t.stratum.diffConfig(g.i!.id, g.i1!.id)).diff).toMatchObject([
      { key: "k", tenant_a: { value: SECRET }, tenant_b: { value: "other" } },
    ]);
    const drift = await t.stratum.computeDrift(g.i!.id, g.i1!.id);
    expect(JSON.stringify(drift)).not.toContain("v1.1.");
  });

  it("takes one data key for each tenant, and another before a nonce might repeat", async () => {
    const { j } = await t.grow(["j"]);
    await setSecret(j!.id, "one");
    await t.rows("update stratum.tenant_keys set uses = 4294967294 where tenant_id = $1", [j!.id]);
    await setSecret(j!.id, "two");
    await setSecret(j!.id, "three");
    await t.stratum.batchSetConfig(j!.id, [
      { key: "four", value: 4, sensitive: true },
      { key: "five", value: 5, sensitive: true },
    ]);
    expect(
      await t.rows(
        "select version, uses::int8 from stratum.tenant_keys where tenant_id = $1 order by version",
        [j!.id],
      ),
    ).toEqual([
      { version: 1, uses: "4294967295" },
      { version: 2, uses: "3" },
    ]);
    const config = await t.stratum.resolveConfig(j!.id);
    expect(Object.values(config).map(({ value }) => value)).toEqual([5, 4, SECRET, SECRET, SECRET]);
  });
});
