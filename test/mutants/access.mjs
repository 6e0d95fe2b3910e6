// Guards of scopes, roles, API keys, and of what callers may know of the tenants above them.
const CORE = "libs/core/src/access";
const CONTEXT = "libs/lib/src/context";
const KEYS = "libs/lib/src/api-keys";
const ROLES = "libs/lib/src/roles";
const TENANCY = "libs/lib/src/tenancy";
const KEY_SPEC = `${KEYS}/api-keys.pg.spec.ts`;
const HASH_SPEC = `${KEYS}/key-hash.pg.spec.ts`;
const FIRST_KEY = `${KEYS}/first-key.service.ts`;
const FIRST_KEY_SPEC = `${KEYS}/first-key.pg.spec.ts`;
const ROLE_SPEC = `${ROLES}/roles.pg.spec.ts`;
const HIDDEN = `${TENANCY}/disclosure.pg.spec.ts`;
const COHERENCE = "test/key-coherence.pg.spec.ts";
const ESCALATION = "test/escalation.pg.spec.ts";

export const ACCESS_MUTANTS = [
  {
    name: "processes that start together make a first key each",
    file: FIRST_KEY,
    find: `const lock = { names: [LOCK] };`,
    replace: "const lock = { names: [] };",
    test: [FIRST_KEY_SPEC, "gives one key to processes"],
  },
  {
    name: "a first key is made beside another one",
    file: FIRST_KEY,
    find: `(await this.store.hasPlatformKey(m.tx)) ? null : this.issue(m, key),`,
    replace: "this.issue(m, key),",
    test: [FIRST_KEY_SPEC, "gives one key to processes"],
  },
  {
    name: "a first key is installed although it was revoked",
    file: FIRST_KEY,
    find: `if ((await this.store.findByHash(key.hash, m.tx)) !== undefined) return false;`,
    replace: "",
    test: [FIRST_KEY_SPEC, "installs a given key once"],
  },
  {
    name: "a caller of no rank makes a first key",
    file: FIRST_KEY,
    find: `requireGrantable(caller, [PLATFORM_SCOPE], null);`,
    replace: "",
    test: [FIRST_KEY_SPEC, "serves no caller who lacks platform:admin"],
  },
  {
    name: "a key is hashed for each request",
    file: `${KEYS}/key-hash.ts`,
    find: `this.#hashes.set(digest, known);`,
    replace: "",
    test: [HASH_SPEC, "are hashed once as long as they are used"],
  },
  {
    name: "all keys have the hash of one",
    file: `${KEYS}/key-hash.ts`,
    find: `const digest = hash("sha256", text);`,
    replace: `const digest = hash("sha256", text.slice(0, 8));`,
    test: [HASH_SPEC, "are hashed once as long as they are used"],
  },
  {
    name: "scopes are granted that the caller lacks",
    file: `${CONTEXT}/authorization.ts`,
    find: `if (missing.length > 0) throw new ScopeEscalationError(missing);`,
    replace: "void missing;",
    test: [ESCALATION, "no sequence"],
  },
  {
    name: "a tenant gets the platform's scope",
    file: `${CONTEXT}/authorization.ts`,
    find: `if (tenantId !== null && scopes.includes(PLATFORM_SCOPE)) {`,
    replace: `if (tenantId === "" && scopes.includes(PLATFORM_SCOPE)) {`,
    test: [ROLE_SPEC, "never carry the platform's scope"],
  },
  {
    name: "a role carries the platform's scope into a tenant",
    file: `${CORE}/scopes.ts`,
    find: `return expandScopes(tenantId === null ? scopes : withoutPlatformScopes(scopes));`,
    replace: `return expandScopes(tenantId === null ? scopes : scopes);`,
    test: [ROLE_SPEC, "never carry the platform's scope"],
  },
  {
    name: "an audit argument widens what a caller may do",
    file: `${CONTEXT}/caller.ts`,
    find: `const caller = complete(validate(auditContextSchema, audit, "audit"), inContext);`,
    replace: `const caller = complete(validate(auditContextSchema, audit, "audit"), SYSTEM);`,
    test: [ROLE_SPEC, "give nobody what the caller lacks"],
  },
  {
    name: "a key's own scopes are not looked at",
    file: "libs/lib/src/api-keys/api-key-issue.service.ts",
    find: `    requireGrantable(caller, scopes, tenant_id);
    if (role_id`,
    replace: `    if (role_id`,
    test: [ROLE_SPEC, "give nobody what the caller lacks"],
  },
  {
    name: "the scopes of a key's role are not looked at",
    file: "libs/lib/src/api-keys/api-key-scopes.ts",
    find: `  requireGrantable(caller, effectiveScopes(role.scopes, key.tenant_id), key.tenant_id);`,
    replace: `  void [requireGrantable, role];`,
    test: [ROLE_SPEC, "give nobody what the caller lacks"],
  },
  {
    name: "whoever sees a key may rotate it into their hands",
    file: `${KEYS}/api-key-issue.service.ts`,
    find: `requireGrantable(caller, await scopesOf(this.roles, old, m.tx), old.tenant_id);`,
    replace: `void scopesOf;`,
    test: [ESCALATION, "no sequence"],
  },
  {
    name: "a key that a role holds down gets its own scopes back from anybody",
    file: `${KEYS}/api-key-role.service.ts`,
    find: `requireGrantable(caller, effectiveScopes(key.scopes, key.tenant_id), key.tenant_id);`,
    replace: `void [requireGrantable, effectiveScopes, key, caller];`,
    test: [ROLE_SPEC, "give nobody what the caller lacks"],
  },
  {
    name: "a role is created with any scopes",
    file: `${ROLES}/role.service.ts`,
    find: `requireGrantable(caller, scopes, tenant_id);`,
    replace: "",
    test: [ROLE_SPEC, "give nobody what the caller lacks"],
  },
  {
    name: "a role gets any scopes added",
    file: `${ROLES}/role.service.ts`,
    find: `requireGrantable(caller, added(role.scopes, fields.scopes), role.tenant_id);`,
    replace: `void added;`,
    test: [ROLE_SPEC, "give nobody what the caller lacks"],
  },
  {
    name: "a principal gets any role",
    file: `${ROLES}/principal-role.service.ts`,
    find: `requireGrantable(caller, effectiveScopes(role.scopes, tenant_id), tenant_id);`,
    replace: `void [requireGrantable, effectiveScopes, role, tenant_id];`,
    test: [ROLE_SPEC, "give nobody what the caller lacks"],
  },
  {
    name: "roles serve every tenant",
    file: `${ROLES}/role-access.ts`,
    find: `if (role === undefined || !isRoleVisible(caller, role) || !serves(role, path)) {`,
    replace: `if (role === undefined || !isRoleVisible(caller, role) || !path) {`,
    test: [ROLE_SPEC, "serve their tenant and those below"],
  },
  {
    name: "roles of tenants above are anybody's to give",
    file: `${ROLES}/role-access.ts`,
    find: `if (role === undefined || !isRoleVisible(caller, role) || !serves(role, path)) {`,
    replace: `if (role === undefined || !serves(role, path)) {`,
    test: [KEY_SPEC, "are answered as unknown ones"],
  },
  {
    name: "a key keeps a role that does not serve its tenant any more",
    file: `${KEYS}/api-key.store.ts`,
    find: `left join stratum.roles as r on r.id = k.role_id and (`,
    replace: `left join stratum.roles as r on r.id = k.role_id and (true or`,
    test: [ROLE_SPEC, "stop when the key's tenant moves away"],
  },
  {
    name: "a key without its role falls back to scopes of its own",
    file: `${CORE}/api-key.schemas.ts`,
    find: `key.role_id === null ? key.scopes : (key.role_scopes ?? []);`,
    replace: `key.role_id === null ? key.scopes : (key.role_scopes ?? key.scopes);`,
    test: [ROLE_SPEC, "which then have no scopes at all"],
  },
  {
    name: "a role goes that keys have",
    file: `${ROLES}/role.service.ts`,
    find: `if (api_keys + principals > 0) throw`,
    replace: `if (api_keys + principals < 0) throw`,
    test: [ROLE_SPEC, "govern the scopes of the keys"],
  },
  {
    name: "a principal's role is changed by two at once",
    file: `${ROLES}/principal-role.service.ts`,
    find: `const request = { tenant: who.tenant_id, caller, operation, lock: { names: [nameOf(who)] } };`,
    replace: `const request = { tenant: who.tenant_id, caller, operation };`,
    test: [ROLE_SPEC, "given to one principal by many at once"],
  },
  {
    name: "the platform's own is everybody's",
    file: "libs/lib/src/tenancy/mutations.ts",
    find: `if (tenant === null) requirePlatform(caller);`,
    replace: `void requirePlatform;`,
    test: [KEY_SPEC, "are answered as unknown ones"],
  },
  {
    name: "keys are made for tenants that are shut",
    file: "libs/lib/src/api-keys/api-key-issue.service.ts",
    find: `operation: "create an API key for" };`,
    replace: `operation: null };`,
    test: [KEY_SPEC, "of a tenant that is shut"],
  },
  {
    name: "a mutation does not ask for its tenant's status",
    file: "libs/lib/src/tenancy/mutations.ts",
    find: `if (operation !== null) requireActive(subject, operation);`,
    replace: `void requireActive;`,
    test: ["libs/lib/src/consent/consent.pg.spec.ts", "in active tenants alone"],
  },
  {
    name: "keys of others are seen",
    file: `${KEYS}/api-key-access.ts`,
    find: `if (path === null ? caller.bound_to === null : isVisible(caller, path)) return true;`,
    replace: `if (path === null || isVisible(caller, path) || path !== "") return true;`,
    test: [KEY_SPEC, "are answered as unknown ones"],
  },
  {
    name: "a key is rotated twice",
    file: `${KEYS}/api-key-access.ts`,
    find: `if (key.replaced_by !== null) throw new ApiKeyNotActiveError(key.id, "rotated");`,
    replace: "",
    test: [KEY_SPEC, "lets both work for as long as is asked"],
  },
  {
    name: "a key is rotated without being locked",
    file: `${KEYS}/api-key.store.ts`,
    find: "from ${FROM} where k.id = $1 for update of k`;",
    replace: "from ${FROM} where k.id = $1`;",
    test: [KEY_SPEC, "twice at once, leaves one successor"],
  },
  {
    name: "a revoked key works",
    file: `${KEYS}/api-key.store.ts`,
    find: `where k.key_hash = decode($1, 'hex') and k.revoked_at is null`,
    replace: `where k.key_hash = decode($1, 'hex')`,
    test: [KEY_SPEC, "end when they are revoked"],
  },
  {
    name: "an expired key works",
    file: `${KEYS}/api-key-validation.service.ts`,
    find: `if (expires_at !== null && expires_at <= this.clock.now()) {`,
    replace: `if (expires_at === Number.NaN) {`,
    test: [KEY_SPEC, "end when their time comes"],
  },
  {
    name: "a key works below a shut tenant",
    file: `${KEYS}/api-key-validation.service.ts`,
    find: `      requireActive(shut, "use a key of");`,
    replace: `      void requireActive;`,
    test: [KEY_SPEC, "of a tenant that is shut"],
  },
  {
    name: "last_used_at is written by each process at its first use",
    file: `${KEYS}/api-key.store.ts`,
    find: `and (last_used_at is null
               or last_used_at <= now() - $2::double precision * interval '1 millisecond')`,
    replace: `and $2::double precision > 0`,
    test: [KEY_SPEC, "advances behind the caller's back"],
  },
  {
    name: "two processes have two peppers",
    file: "libs/lib/src/crypto/platform-secret.store.ts",
    find: `on conflict (name) do nothing`,
    replace: `on conflict (name) do update set value = excluded.value`,
    test: [HASH_SPEC, "get one pepper"],
  },
  {
    name: "a change of the platform's does not reach the caches",
    file: "libs/lib/src/persistence/change-feed.ts",
    find: `        this.forget();
        continue;`,
    replace: `        continue;`,
    test: [COHERENCE, "a change of its global role"],
  },
  {
    name: "customers learn who is above them",
    file: `${TENANCY}/disclosure.ts`,
    find: `return own <= 0 ? NONE : new Set(chain.slice(0, own));`,
    replace: `return own <= 0 || chain.length > 0 ? NONE : new Set(chain.slice(0, own));`,
    test: [HIDDEN, "sees values, and not whose they are"],
  },
  {
    name: "customers read in their log who is above them",
    file: "libs/lib/src/audit/audit.service.ts",
    find: `if (caller.bound_to === null || caller.sees_ancestors) return entries;`,
    replace: `if (caller.bound_to !== "") return entries;`,
    test: [HIDDEN, "does not read it in its log either"],
  },
  {
    name: "a handler is called without the scope that it asks for",
    file: `${CONTEXT}/authorization.ts`,
    find: `if (missing.length === 0) return;`,
    replace: `if (missing.length >= 0) return;`,
    test: ["test/guards.e2e.spec.ts", "ask for the scopes of the actor"],
  },
  {
    name: "a handler is called by nobody",
    file: "libs/lib/src/guards/scope.guard.ts",
    find: `if (caller === null || isAnonymous(caller)) throw new UnauthorizedError();`,
    replace: `if (caller === null || isAnonymous(caller)) return UnauthorizedError.name !== "";`,
    test: ["test/guards.e2e.spec.ts", "ask for the scopes of the actor"],
  },
  {
    name: "a handler is called for a tenant without the permission",
    file: "libs/lib/src/guards/permission.guard.ts",
    find: `if (!(await this.stratum.checkPermission(tenantId, key))) {`,
    replace: `if (await this.stratum.checkPermission(tenantId, key).then(() => false)) {`,
    test: ["test/guards.e2e.spec.ts", "ask for the permissions of the tenant"],
  },
];
