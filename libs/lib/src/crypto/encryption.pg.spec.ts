import { Stratum } from "@stratum-hq/lib";
import { TestKms } from "../../../../test/support/test-kms";
import { codeOf, useStratum } from "../../../../test/support/use-stratum";

describe("data keys under a key management service", () => {
  const t = useStratum();
  const kms = new TestKms();
  let stratum: Stratum;

  beforeAll(() => {
    stratum = new Stratum({ pool: t.pool, keyProvider: kms });
  });
  afterEach(() => {
    kms.reachable = true;
  });
  afterAll(() => stratum.close());

  const secrets = (count: number) =>
    Array.from({ length: count }, (_, n) => ({ key: `k${n}`, value: `s${n}`, sensitive: true }));

  it("ask it once for each tenant and process, whatever the number of values", async () => {
    const { id } = await stratum.createTenant({ name: "a" });
    const before = { ...kms.calls };
    await stratum.batchSetConfig(id, secrets(50));
    await stratum.setConfig(id, "one", { value: "more", sensitive: true });
    for (let n = 0; n < 5; n += 1) await stratum.resolveConfig(id, { consistency: "strong" });
    expect(kms.calls).toEqual({ wrap: before.wrap + 1, unwrap: before.unwrap + 1 });
    const [row] = await t.rows(
      "select master_key_id from stratum.tenant_keys where tenant_id = $1",
      [id],
    );
    expect(row).toEqual({ master_key_id: await kms.currentKeyId() });
  });

  it("are made once for writers that are first at the same moment", async () => {
    const { id } = await stratum.createTenant({ name: "b" });
    const other = new Stratum({ pool: t.pool, keyProvider: kms });
    await Promise.all(
      [stratum, other].flatMap((each, n) =>
        [0, 1, 2].map((m) => each.setConfig(id, `${n}.${m}`, { value: n, sensitive: true })),
      ),
    );
    await other.close();
    const keys = await t.rows("select from stratum.tenant_keys where tenant_id = $1", [id]);
    expect(keys).toHaveLength(1);
    const config = await stratum.resolveConfig(id);
    expect(Object.values(config).every(({ error }) => error === undefined)).toBe(true);
  });

  it("out of reach refuse to write, and nothing is half-written", async () => {
    const { id } = await stratum.createTenant({ name: "c" });
    kms.reachable = false;
    const call = stratum.batchSetConfig(id, [{ key: "plain", value: 1 }, ...secrets(1)]);
    expect(await codeOf(call)).toBe("MASTER_KEY_UNAVAILABLE");
    expect(await stratum.resolveConfig(id)).toEqual({});
    expect(await codeOf(stratum.setConfig(id, "plain", { value: 1 }))).toBe("ok");
  });

  it("out of reach leave the values unread for now, and read again as soon as they are back", async () => {
    const { id } = await stratum.createTenant({ name: "d" });
    await stratum.batchSetConfig(id, [...secrets(1), { key: "plain", value: 1 }]);
    const restarted = new Stratum({ pool: t.pool, keyProvider: kms });
    kms.reachable = false;
    expect(await restarted.resolveConfig(id)).toMatchObject({
      k0: { value: null, error: "DECRYPTION_FAILED" },
      plain: { value: 1 },
    });
    kms.reachable = true;
    expect(await restarted.resolveConfig(id)).toMatchObject({ k0: { value: "s0" } });
    await restarted.close();
  });

  it("hold the pepper of API keys too, also one that a release before kept in clear", async () => {
    const key = await stratum.createApiKey((await stratum.createTenant({ name: "e" })).id);
    const secret = () =>
      t.rows<{ value: Buffer }>(
        "select value from stratum.platform_secrets where name like 'api%'",
      );
    const [{ value }] = (await secret()) as [{ value: Buffer }];
    expect(value.toString()).toMatch(/^v1\.1\./);
    await t.rows("update stratum.platform_secrets set value = decode($1, 'hex')", [
      "ab".repeat(32),
    ]);
    const other = new Stratum({ pool: t.pool, keyProvider: kms });
    expect(await other.validateApiKey(key.plaintext_key)).toBeNull();
    expect((await secret())[0]!.value.toString()).toMatch(/^v1\.1\./);
    const { id } = await stratum.createTenant({ name: "f" });
    const { plaintext_key } = await other.createApiKey(id);
    await other.close();
    const third = new Stratum({ pool: t.pool, keyProvider: kms });
    expect(await third.validateApiKey(plaintext_key)).toMatchObject({ tenant_id: id });
    await third.close();
  });
});
