import type { KeyProvider } from "@stratum-hq/lib";
import { randomBytes } from "node:crypto";

/** A provider of the implementation, and the same one after its current key became its previous. */
export interface ProviderUnderTest {
  readonly provider: KeyProvider;
  readonly rotated: () => Promise<KeyProvider>;
}

const CONTEXT = { tenant_id: "018f0000-0000-7000-8000-000000000000", version: "1" };

/** What every {@link KeyProvider} keeps to. */
export function keyProviderContract(name: string, make: () => Promise<ProviderUnderTest>): void {
  describe(`${name} as a key provider`, () => {
    it("unwraps what it wrapped, to the byte", async () => {
      const { provider } = await make();
      const dataKey = randomBytes(32);
      const wrapped = await provider.wrap(dataKey, CONTEXT);
      expect(wrapped.key_id).toBe(await provider.currentKeyId());
      expect(wrapped.ciphertext).not.toContain(dataKey.toString("base64url"));
      expect(Buffer.from(await provider.unwrap(wrapped, CONTEXT)).equals(dataKey)).toBe(true);
    });

    it("refuses another context, another key's id and a damaged text", async () => {
      const { provider } = await make();
      const wrapped = await provider.wrap(randomBytes(32), CONTEXT);
      for (const context of [
        { ...CONTEXT, tenant_id: "platform" },
        { ...CONTEXT, version: "2" },
      ]) {
        await expect(provider.unwrap(wrapped, context)).rejects.toThrow();
      }
      await expect(provider.unwrap({ ...wrapped, key_id: "mk_0" }, CONTEXT)).rejects.toThrow();
      const damaged = { ...wrapped, ciphertext: `A${wrapped.ciphertext}` };
      await expect(provider.unwrap(damaged, CONTEXT)).rejects.toThrow();
    });

    it("wraps under the new key after a rotation, and still unwraps what the one before wrapped", async () => {
      const { provider, rotated } = await make();
      const dataKey = randomBytes(32);
      const wrapped = await provider.wrap(dataKey, CONTEXT);
      const next = await rotated();
      expect(await next.currentKeyId()).not.toBe(wrapped.key_id);
      expect(Buffer.from(await next.unwrap(wrapped, CONTEXT)).equals(dataKey)).toBe(true);
      expect((await next.wrap(dataKey, CONTEXT)).key_id).toBe(await next.currentKeyId());
    });
  });
}
