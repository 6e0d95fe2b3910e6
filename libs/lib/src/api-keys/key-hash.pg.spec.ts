import crypto from "node:crypto";
import { Stratum } from "@stratum-hq/lib";
import { rivals } from "../../../../test/support/rivals";
import { times } from "../../../../test/support/scale";
import { useStratum } from "../../../../test/support/use-stratum";

describe("API keys and the pepper", () => {
  const t = useStratum();

  it("are hashed under the pepper that is configured, else under one of the database's own", async () => {
    const { p } = await t.grow(["p"]);
    const [one, same, other] = ["1", "1", "2"].map(
      (digit) =>
        new Stratum({ pool: t.pool, apiKeyPepper: digit.repeat(32), keyPrefix: "sk_test_" }),
    ) as [Stratum, Stratum, Stratum];
    const { plaintext_key } = await one.createApiKey(p!.id);
    expect(plaintext_key).toMatch(/^sk_test_/);
    expect(await same.validateApiKey(plaintext_key)).not.toBeNull();
    expect(await other.validateApiKey(plaintext_key)).toBeNull();
    expect(await t.stratum.validateApiKey(plaintext_key)).toBeNull();
    const shared = await t.stratum.createApiKey(p!.id);
    const again = new Stratum({ pool: t.pool });
    expect(await again.validateApiKey(shared.plaintext_key)).not.toBeNull();
    await Promise.all([one, same, other, again].map((stratum) => stratum.close()));
    for (const options of [{ apiKeyPepper: "short" }, { keyPrefix: "SK" }]) {
      expect(() => new Stratum({ pool: t.pool, ...options })).toThrow(Object.keys(options)[0]);
    }
  });

  it("are hashed once as long as they are used, each to its own", async () => {
    const { h } = await t.grow(["h"]);
    const [one, two] = [await t.stratum.createApiKey(h!.id), await t.stratum.createApiKey(h!.id)];
    const reader = new Stratum({ pool: t.pool });
    const keys = [one, two].map(({ plaintext_key }) => plaintext_key);
    for (const key of keys) await reader.validateApiKey(key);
    const hmac = jest.spyOn(crypto, "createHmac");
    for (let n = 0; n < 10; n += 1) {
      const found = await Promise.all(keys.map((key) => reader.validateApiKey(key)));
      expect(found.map((key) => key?.key_id)).toEqual([one.id, two.id]);
    }
    expect(hmac).not.toHaveBeenCalled();
    expect(await reader.validateApiKey(`${one.plaintext_key.slice(0, -1)}!`)).toBeNull();
    hmac.mockRestore();
    await reader.close();
  });

  it("get one pepper, whichever of many processes is first", async () => {
    const { q } = await t.grow(["q"]);
    for (let round = 0; round < times(8, 100); round += 1) {
      await t.rows("delete from stratum.platform_secrets");
      const racing = rivals(t.database);
      const keys = await Promise.all(racing.stratums.map((stratum) => stratum.createApiKey(q!.id)));
      for (const stratum of racing.stratums) {
        for (const { plaintext_key } of keys) {
          expect(await stratum.validateApiKey(plaintext_key)).not.toBeNull();
        }
      }
      await racing.close();
    }
  });

  it("the first of a deployment, many at once on a small pool, are all made", async () => {
    const { u } = await t.grow(["u"]);
    await t.rows("delete from stratum.platform_secrets");
    const first = new Stratum({ pool: t.database.newPool({ max: 2 }) });
    const keys = await Promise.all(Array.from({ length: 16 }, () => first.createApiKey(u!.id)));
    expect(new Set(keys.map(({ id }) => id)).size).toBe(16);
    for (const { plaintext_key } of keys) {
      expect(await first.validateApiKey(plaintext_key)).not.toBeNull();
    }
    await first.close();
  });
});
