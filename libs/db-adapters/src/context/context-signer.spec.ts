import { randomBytes, randomUUID } from "node:crypto";
import { ContextKey } from "./context-key";
import { ContextSigner } from "./context-signer";

describe("a signer", () => {
  const [first, second] = [new ContextKey(randomBytes(32)), new ContextKey(randomBytes(32))];

  it("signs with another key from one signature to the next, also what it has signed before", () => {
    const signer = new ContextSigner(first);
    const tenant = randomUUID();
    const before = signer.sign(tenant);
    expect(signer.sign(tenant)).toBe(before);
    signer.use(second);
    expect(signer.keyId).toBe(second.id);
    const after = signer.sign(tenant);
    expect([before.slice(0, 16), after.slice(0, 16)]).toEqual([first.id, second.id]);
    expect(after.slice(-64)).toBe(second.sign(after.slice(0, -64)));
  });

  it("keeps what it has signed where the key is the same", () => {
    let now = 1_700_000_000_000;
    const signer = new ContextSigner(first, () => now);
    const tenant = randomUUID();
    const before = signer.sign(tenant);
    now += 1;
    signer.use(first);
    expect(signer.sign(tenant)).toBe(before);
  });
});
