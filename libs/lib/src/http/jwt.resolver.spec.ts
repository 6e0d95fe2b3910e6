import { createPublicKey } from "node:crypto";
import {
  confused,
  secondsFromNow,
  startIdentityProvider,
  unsigned,
  type IdentityProvider,
} from "../../../../test/support/tokens";
import { codeOf } from "../../../../test/support/use-stratum";
import { requestOf } from "../../../../test/support/tenant-request";
import { JwtResolver, type JwtOptions } from "./jwt.resolver";

const TENANT = "01890000-0000-7000-8000-00000000000a";
const bearer = (token: string) => requestOf({ headers: { authorization: `Bearer ${token}` } });

/** The code that a token is refused with, or "ok". */
const outcomeOf = (resolver: JwtResolver, token: string) =>
  codeOf(Promise.resolve().then(() => resolver.authenticate(bearer(token))));

describe("JwtResolver", () => {
  let provider: IdentityProvider;
  beforeAll(async () => {
    provider = await startIdentityProvider();
  });
  afterAll(() => provider.close());

  const each = (): [string, JwtResolver][] => {
    const { issuer, audience } = provider.options;
    const jwk = createPublicKey(provider.publicKey).export({ format: "jwk" });
    return [
      ["jwks", new JwtResolver(provider.options)],
      ["pem", new JwtResolver({ publicKey: provider.publicKey, issuer, audience })],
      ["jwk", new JwtResolver({ publicKey: jwk, issuer, audience })],
    ];
  };

  it("tells whom a token stands for, by whichever key it is verified", async () => {
    const token = await provider.sign({ tenant_id: TENANT, scopes: ["config:read", "openid"] });
    for (const [, resolver] of each()) {
      const found = await resolver.authenticate(bearer(token));
      expect(found).toEqual({
        actor: { actor_id: "alice", actor_type: "jwt", tenant_id: TENANT, scopes: ["config:read"] },
        unbound: false,
      });
      // The same object again: it was verified lately.
      expect(await resolver.authenticate(bearer(token))).toBe(found);
    }
  });

  it("is not concerned with requests that have no JWT", async () => {
    const [[, resolver] = []] = each();
    for (const authorization of ["", "Bearer sk_live_key", "Basic YTpi", "Bearer"]) {
      expect(await resolver?.authenticate(requestOf({ headers: { authorization } }))).toBeNull();
    }
  });

  it("refuses tokens that are forged, expired, or meant for somebody else", async () => {
    const own = { tenant_id: TENANT };
    const valid = await provider.sign(own);
    const [head = "", payload = "", signature = ""] = valid.split(".");
    const other = await startIdentityProvider();
    const forged = {
      none: unsigned(own),
      "no signature": `${head}.${payload}.`,
      "another's payload": `${head}.${Buffer.from('{"sub":"x"}').toString("base64url")}.${signature}`,
      "HMAC with the public key": await confused(provider.publicKey, own),
      "another key of the same name": await other.sign(own),
      "an unknown key": await provider.sign(own, { kid: "key-9" }),
      expired: await provider.sign({ ...own, exp: secondsFromNow(-60) }),
      "not yet valid": await provider.sign({ ...own, nbf: secondsFromNow(60) }),
      "no expiry": await provider.sign({ ...own, exp: null }),
      "no subject": await provider.sign({ ...own, sub: null }),
      "an empty subject": await provider.sign({ ...own, sub: "" }),
      "a subject that is an object": await provider.sign({ ...own, sub: {} }),
      "a subject that is a number": await provider.sign({ ...own, sub: 7 }),
      "another issuer": await provider.sign({ ...own, iss: "https://evil.example.com" }),
      "another audience": await provider.sign({ ...own, aud: "somebody" }),
      "no audience": await provider.sign({ ...own, aud: null }),
      "a tenant that is no id": await provider.sign({ tenant_id: "acme" }),
      "a list of tenants": await provider.sign({ tenant_id: [TENANT] }),
      garbage: "a.b.c",
    };
    await other.close();
    for (const [kind, resolver] of each()) {
      const codes: Record<string, string> = {};
      for (const [name, token] of Object.entries(forged)) {
        // A single key has no name that a token could miss.
        if (name === "an unknown key" && kind !== "jwks") continue;
        codes[name] = await outcomeOf(resolver, token);
      }
      expect(new Set(Object.values(codes))).toEqual(new Set(["UNAUTHORIZED"]));
      expect(await outcomeOf(resolver, valid)).toBe("ok");
    }
  });

  it("takes tokens without a tenant for the platform's only where that was said", async () => {
    const token = await provider.sign({ scope: "config:read platform:admin" });
    const claims = { ...provider.options, scopesClaim: "scope" } as const;
    const found = async (options: JwtOptions) =>
      new JwtResolver(options).authenticate(bearer(token));
    expect(await found(claims)).toMatchObject({ unbound: true, actor: { tenant_id: null } });
    expect(await found({ ...claims, withoutTenant: "platform" })).toMatchObject({ unbound: false });
    const named = await provider.sign({ "https://example.com/tenant": TENANT });
    const resolver = new JwtResolver({ ...claims, tenantClaim: "https://example.com/tenant" });
    expect((await resolver.authenticate(bearer(named)))?.actor.tenant_id).toBe(TENANT);
  });

  it("finds keys that the provider has replaced, and says when it cannot be reached", async () => {
    const own = await startIdentityProvider();
    await own.rotate();
    const resolver = new JwtResolver(own.options);
    const token = await own.sign({ tenant_id: TENANT });
    expect(await outcomeOf(resolver, token)).toBe("ok");
    await own.close();
    const cold = new JwtResolver(own.options);
    const call = cold.authenticate(bearer(token));
    await expect(call).rejects.toMatchObject({
      code: "IDENTITY_PROVIDER_UNAVAILABLE",
      details: { url: own.jwksUrl },
    });
  });

  it("takes HS256 with a secret, and nothing else", async () => {
    const { SignJWT } = await import("jose");
    const secret = "s".repeat(64);
    const resolver = new JwtResolver({ secret });
    const sign = (alg: string, key: string) =>
      new SignJWT({ sub: "bob", tenant_id: TENANT })
        .setProtectedHeader({ alg })
        .setExpirationTime("1m")
        .sign(new TextEncoder().encode(key));
    const good = await resolver.authenticate(bearer(await sign("HS256", secret)));
    expect(good?.actor.actor_id).toBe("bob");
    for (const token of [
      await sign("HS512", secret),
      await sign("HS256", "t".repeat(64)),
      await provider.sign({ tenant_id: TENANT }),
      unsigned({ tenant_id: TENANT }),
    ]) {
      expect(await outcomeOf(resolver, token)).toBe("UNAUTHORIZED");
    }
  });

  it.each<[string, JwtOptions]>([
    ["no key", {}],
    ["two keys", { secret: "s".repeat(32), jwksUrl: "https://id.example.com" }],
    ["a weak secret", { secret: "short" }],
    [
      "HMAC for a public key",
      { jwksUrl: "https://x", issuer: "i", audience: "a", algorithms: ["HS256"] },
    ],
    ["none", { jwksUrl: "https://x", issuer: "i", audience: "a", algorithms: ["RS256", "none"] }],
    ["RSA for a secret", { secret: "s".repeat(32), algorithms: ["RS256"] }],
    ["no algorithm", { secret: "s".repeat(32), algorithms: [] }],
    ["no issuer", { jwksUrl: "https://x", audience: "a" }],
    ["no audience", { jwksUrl: "https://x", issuer: "i" }],
  ])("is not made with %s", (_, options) => {
    expect(() => new JwtResolver(options)).toThrow("jwt");
  });
});
