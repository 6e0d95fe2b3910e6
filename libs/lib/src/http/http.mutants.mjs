const HTTP = "libs/lib/src/http";
const TENANTS = "test/nest-tenants.e2e.spec.ts";
const CONTEXT = "test/nest-context.e2e.spec.ts";
const ATTACKS = "test/nest-attacks.e2e.spec.ts";
const JWT_SPEC = `${HTTP}/jwt.resolver.spec.ts`;
const SELECTORS_SPEC = `${HTTP}/selectors.spec.ts`;

const CHOICE = [
  {
    name: "http: a credential selects any tenant",
    find: `requireOnChain(tenant.context.chain, caller, lookupOf(key));`,
    replace: `void [requireOnChain, caller];`,
    test: "is answered as an unknown tenant's",
  },
  {
    name: "http: the answer to a foreign slug tells its id",
    find: `requireOnChain(tenant.context.chain, caller, lookupOf(key));`,
    replace: `requireOnChain(tenant.context.chain, caller);`,
    test: "is answered as an unknown tenant's",
  },
  {
    name: "http: whoever names a tenant is let in",
    find: `if (authorize === undefined) {`,
    replace: `if (authorize === undefined) {
      const named = await this.tenants.find(key);
      if (named !== undefined) return named;`,
    test: "is nobody's where it only selects a tenant",
  },
  {
    name: "http: whom the application refuses is let in",
    find: `if ((isAllowed as unknown) !== true) throw unknownTenant(key);`,
    replace: `void isAllowed;`,
    test: "is let into what `authorize` allows",
  },
  {
    name: "http: a tenant that is shut is entered",
    find: `requireActive(chosen, "serve a request of");`,
    replace: `void requireActive;`,
    test: "is shut out where its tenant is suspended",
  },
].map((mutant) => ({
  ...mutant,
  file: `${HTTP}/tenant-choice.ts`,
  test: [TENANTS, mutant.test],
}));

const REQUESTS = [
  {
    name: "http: whom the application let in is bound to no tenant",
    file: `${HTTP}/request-contexts.ts`,
    find: `if (choice.boundTo === null) return undefined;`,
    replace: `if (choice.boundTo !== "") return undefined;`,
    test: [TENANTS, "is let into what `authorize` allows"],
  },
  {
    name: "http: whoever was refused acts in public handlers",
    file: `${HTTP}/request-contexts.ts`,
    find: `actFor(anonymous);`,
    replace: `void anonymous;`,
    test: [TENANTS, "is shut out where its tenant is suspended"],
  },
  {
    name: "http: a token without a tenant keeps its scopes",
    file: `${HTTP}/request-contexts.ts`,
    find: `unbound ? { ...actor, scopes: [] } : { scopes: [], ...actor }`,
    replace: `unbound ? { ...actor } : { scopes: [], ...actor }`,
    test: [TENANTS, "may select no tenant without `authorize`"],
  },
  {
    name: "http: a context outlives its response",
    file: `${HTTP}/request-contexts.ts`,
    find: `response.once("close", () => (entered.ended = true));`,
    replace: `void response;`,
    test: [ATTACKS, "are not read by a timer"],
  },
  {
    name: "http: a credential that was refused leaves other ways in",
    file: `${HTTP}/resolvers.ts`,
    find: `(error) => new RefusedCredential(resolver, error),`,
    replace: `(error) => (resolver.kind === "credential" ? null : new RefusedCredential(resolver, error)),`,
    test: [TENANTS, "is nobody's with a credential that is not valid"],
  },
  {
    name: "http: each request reads its tenant",
    file: "libs/lib/src/tenancy/tenant-directory.ts",
    find: `(await this.load(nameOf(key), key))?.value`,
    replace: "(await this.load(`${nameOf(key)} ${Math.random()}`, key))?.value",
    test: [CONTEXT, "is read from the database once"],
  },
  {
    name: "http: middleware comes before the context",
    file: `${HTTP}/context-mount.ts`,
    find: `if (options.http !== undefined) host.init$.subscribe(() => this.mount(host));`,
    replace: `if (options.http !== undefined) host.init$.subscribe(() => setImmediate(() => this.mount(host)));`,
    test: [CONTEXT, "is seen by middleware"],
  },
  {
    name: "http: handlers run without a tenant",
    file: `${HTTP}/tenant.guard.ts`,
    find: `throw this.refusalOf(state, context);`,
    replace: `return this.refusalOf(state, context) !== null;`,
    test: [TENANTS, "is nobody's where it only selects a tenant"],
  },
  {
    name: "http: the guard says what a tenant is before it asks for scopes",
    file: `${HTTP}/tenant.guard.ts`,
    find: `requireScopes(state.caller, requiredScopesOf(this.reflector, context));`,
    replace: `void [requireScopes, requiredScopesOf];`,
    test: [TENANTS, "is asked for its scopes before"],
  },
  {
    name: "http: an address is whatever a proxy was told",
    file: `${HTTP}/framework-request.ts`,
    find: `ip !== undefined && isIP(ip) !== 0 ? ip : null`,
    replace: `ip !== undefined && isIP(ip) >= 0 ? ip : null`,
    test: [`${HTTP}/framework-request.spec.ts`, "is from"],
  },
  {
    name: "http: errors of the server are told to everybody",
    file: `${HTTP}/problem.ts`,
    find: `if (status >= SERVER_ERROR) return problem;`,
    replace: "",
    test: [`${HTTP}/problem.spec.ts`, "tells nobody"],
  },
  {
    name: "http: the route need not name the tenant that was checked",
    file: `${HTTP}/global-tenant.guard.ts`,
    find: `if (misread !== null) throw unknownTenant(misread);`,
    replace: `void [misread, unknownTenant];`,
    test: [ATTACKS, "is what the router was given"],
  },
  {
    name: "http: a path that is written otherwise names no tenant",
    file: `${HTTP}/path.resolver.ts`,
    find: `return literal.toLowerCase() === segment?.toLowerCase();`,
    replace: `return literal === segment;`,
    test: [SELECTORS_SPEC, "/TENANTS/acme"],
  },
  {
    name: "http: a target that is a whole URL names no tenant",
    file: `${HTTP}/path.resolver.ts`,
    find: `target.replace(/^[a-z][a-z0-9+.-]*:\\/\\/[^/?#]*/i, "")`,
    replace: `target`,
    test: [SELECTORS_SPEC, "http://example.com/tenants/acme"],
  },
  {
    name: "http: a path is read apart from the route that it took",
    file: `${HTTP}/path.resolver.ts`,
    find: `route == null ? null : routedSegments(route, this.#segments.length)`,
    replace: `route == null || url !== "" ? null : routedSegments(route, this.#segments.length)`,
    test: [SELECTORS_SPEC, "of the route /tenants/:id/orders"],
  },
  {
    name: "nest: hooks of earlier modules find no database",
    file: "libs/lib/src/stratum.module.ts",
    find: `await get(Database).start();`,
    replace: `void Database;`,
    test: ["test/nest-module.e2e.spec.ts", "serves the hooks of a module"],
  },
  {
    name: "options: whatever a factory gives is taken",
    file: "libs/lib/src/stratum.module-definition.ts",
    find: `validOptions(await make(...args))`,
    replace: `await make(...args)`,
    test: ["libs/lib/src/valid-options.spec.ts", "of a factory are checked"],
  },
  {
    name: "options: unknown ones are passed over",
    file: "libs/lib/src/valid-options.ts",
    find: `const optionsSchema = z.strictObject({`,
    replace: `const optionsSchema = z.looseObject({`,
    test: ["libs/lib/src/valid-options.spec.ts", "that are unknown are named"],
  },
  {
    name: "http: any domain that ends alike is ours",
    file: `${HTTP}/subdomain.resolver.ts`,
    find: "this.#suffix = `.${baseDomain.toLowerCase()}`;",
    replace: "this.#suffix = baseDomain.toLowerCase();",
    test: [SELECTORS_SPEC, "acmeexample.com"],
  },
];

const TOKENS = [
  {
    name: "http: a token's algorithm is the token's choice",
    file: `${HTTP}/jwt.resolver.ts`,
    find: `algorithms: this.#algorithms,`,
    replace: "",
    test: [JWT_SPEC, "takes HS256 with a secret"],
  },
  {
    name: "http: tokens need not expire",
    file: `${HTTP}/jwt.resolver.ts`,
    find: `requiredClaims: ["exp", "sub"],`,
    replace: `requiredClaims: ["sub"],`,
    test: [JWT_SPEC, "refuses tokens that are forged"],
  },
  {
    name: "http: anybody's tokens are accepted",
    file: `${HTTP}/jwt.resolver.ts`,
    find: `...(issuer === undefined ? {} : { issuer: [issuer].flat() }),`,
    replace: "",
    test: [JWT_SPEC, "refuses tokens that are forged"],
  },
  {
    name: "http: tokens for somebody else are accepted",
    file: `${HTTP}/jwt.resolver.ts`,
    find: `...(audience === undefined ? {} : { audience: [audience].flat() }),`,
    replace: "",
    test: [JWT_SPEC, "refuses tokens that are forged"],
  },
  {
    name: "http: a public key may pass for a secret",
    file: `${HTTP}/jwt-key.ts`,
    find: `name.startsWith("HS") !== isSecret`,
    replace: `name.startsWith("HS") === (isSecret && false)`,
    test: [JWT_SPEC, "is not made with"],
  },
  {
    name: "http: a token without a tenant is the platform's",
    file: `${HTTP}/jwt-claims.ts`,
    find: `unbound: tenant_id === null && withoutTenant === "authorize"`,
    replace: `unbound: tenant_id !== null && withoutTenant === "authorize"`,
    test: [JWT_SPEC, "takes tokens without a tenant"],
  },
  {
    name: "http: whatever a token's subject is becomes a name",
    file: `${HTTP}/jwt-claims.ts`,
    find: `if (typeof sub !== "string") throw new UnauthorizedError();
  const actor = {
    actor_id: sub,`,
    replace: `const actor = {
    actor_id: String(sub),`,
    test: [JWT_SPEC, "refuses tokens that are forged"],
  },
  {
    name: "http: a token is known beyond its expiry",
    file: `${HTTP}/verified-tokens.ts`,
    find: `Math.min(expiry * 1000, this.#now() + VERIFIED_TOKEN_MAX_AGE_MS)`,
    replace: `Math.max(expiry, this.#now() + VERIFIED_TOKEN_MAX_AGE_MS)`,
    test: [`${HTTP}/verified-tokens.spec.ts`, "until they expire"],
  },
];

export const NEST_HTTP_MUTANTS = [...CHOICE, ...REQUESTS, ...TOKENS];
