import { VERIFIED_TOKEN_MAX_AGE_MS } from "@stratum-hq/core";
import type { Credential } from "./tenant-resolver";
import { VerifiedTokens } from "./verified-tokens";

const credential: Credential = { actor: { actor_id: "a", actor_type: "jwt" } };

describe("tokens that were verified", () => {
  it.each([
    ["until they expire", 10, 10_000],
    ["for a minute at most", 3600, VERIFIED_TOKEN_MAX_AGE_MS],
  ])("are known %s", (_, expiry, lastsFor) => {
    let now = 0;
    const tokens = new VerifiedTokens(() => now);
    tokens.set("t", credential, expiry);
    now = lastsFor - 1;
    expect(tokens.get("t")).toBe(credential);
    now = lastsFor;
    expect(tokens.get("t")).toBeUndefined();
    expect(tokens.get("another")).toBeUndefined();
  });
});
