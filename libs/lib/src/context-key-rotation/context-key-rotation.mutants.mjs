const LIB = "libs/lib/src";
const ROTATION = `${LIB}/context-key-rotation`;
const ADAPTERS = "libs/db-adapters/src";
const SIGNING = `${LIB}/context-keys/signing-key.ts`;
const SESSION = `${ADAPTERS}/pg/tenant-session.ts`;
const SERVICE = `${ROTATION}/context-key-rotation.service.ts`;
const HANDLER = `${ROTATION}/context-key-rotation.handler.ts`;
const ROLLOUT = `${ROTATION}/key-rollout.ts`;
const SECRETS = `${LIB}/crypto/platform-secrets.ts`;
const PLACEMENTS = `${LIB}/tenant-databases/database-placements.ts`;

const SPEC = `${ROTATION}/context-key-rotation.pg.spec.ts`;
const RACES = `${ROTATION}/rotation-races.pg.spec.ts`;
const UNREACHED = `${ROTATION}/unreached-databases.pg.spec.ts`;
const STALE = `${ROTATION}/stale-processes.pg.spec.ts`;
const CERTAIN = `${ADAPTERS}/pg/certain-key.pg.spec.ts`;

const SIGNERS = [
  [
    "processes sign with the key that they read once",
    SIGNING,
    `if (this.#isFixed) return true;`,
    `if (this.#signer !== null) return true;`,
    RACES,
    "have no request fail",
  ],
  [
    "an idle process signs with the key that it read",
    SIGNING,
    `if (this.#isFixed) return true;`,
    `if (this.#signer !== null) return true;`,
    RACES,
    "are served at once by a process that was idle",
  ],
  [
    "a machine that sleeps counts as awake",
    SIGNING,
    ` && Math.abs(this.clock.now() - now) <= age`,
    ``,
    STALE,
    "the monotonic clock stood still",
  ],
  [
    "a clock that is set back makes knowledge young",
    SIGNING,
    `Math.abs(this.clock.now() - now)`,
    `this.clock.now() - now`,
    STALE,
    "the clock was set back",
  ],
  [
    "a clock that is stopped makes knowledge young",
    SIGNING,
    `this.clock.monotonic() - monotonic <= age && `,
    ``,
    STALE,
    "the clock was stopped",
  ],
  [
    "a context is signed without asking",
    SESSION,
    `const { certain } = this.tenant;`,
    `const certain = null as (() => Promise<void> | null) | null;`,
    CERTAIN,
    "asks once for each context",
  ],
  [
    "a context is signed before the answer",
    SESSION,
    `    return looking.then(() => {
      this.requireContext();
      return send(this.context());
    });`,
    `    const early = this.context();
    return looking.then(() => {
      this.requireContext();
      return send(early);
    });`,
    CERTAIN,
    "waits before a statement",
  ],
  [
    "a context is signed for a tenant that has left meanwhile",
    SESSION,
    `    return looking.then(() => {
      this.requireContext();`,
    `    return looking.then(() => {`,
    CERTAIN,
    "signs nothing for a tenant whose work has ended",
  ],
  [
    "what a signer has kept outlives its key",
    `${ADAPTERS}/context/context-signer.ts`,
    `    this.#key = key;
    this.#kept.clear();`,
    `    this.#key = key;`,
    `${ADAPTERS}/context/context-signer.spec.ts`,
    "signs with another key",
  ],
  [
    "a client that is kept waits for the pool's last connection, its own",
    `${LIB}/isolation/tenant-router.ts`,
    `this.signing.renewOver(client)`,
    `(void client, this.signing.renew())`,
    RACES,
    "have no request fail",
  ],
  [
    "a tenant's database is believed to know every key",
    SIGNING,
    `if (keyId !== undefined && keyId !== this.#signer?.keyId) return false;`,
    `void keyId;`,
    UNREACHED,
    "are back serve at once",
  ],
  [
    "a lent client believes that its database knows the key",
    PLACEMENTS,
    `() => connection.verify()`,
    `() => Promise.resolve(void connection)`,
    UNREACHED,
    "are back serve at once",
  ],
];

const INSTALLATION = [
  [
    "a process goes on with the key that it had read, when that is retired",
    `${LIB}/context-keys/context-key-installation.ts`,
    `      await this.signing.renew();
`,
    ``,
    STALE,
    "does not bring a retired key back",
  ],
  [
    "a key is replaced while it is installed",
    SECRETS,
    `    await this.store.hold(tx, name);
`,
    ``,
    STALE,
    "keeps the key that it installs",
  ],
  [
    "a database of a backup keeps what is retired",
    `${LIB}/tenant-databases/database-keys.ts`,
    `await this.replaced.retired(tx));`,
    `[]);`,
    UNREACHED,
    "come from a backup",
  ],
  [
    "a rotation takes no key from tenants' databases",
    ROLLOUT,
    `this.databases.set(tx, tenant, current, retired)`,
    `this.databases.set(tx, tenant, current, retired.slice(0, 0))`,
    SPEC,
    "leaves one key in every database",
  ],
  [
    "a rotation takes no key from the shared database",
    ROLLOUT,
    `    await this.shared.retire(tx, await this.replaced.retired(tx));
`,
    ``,
    SPEC,
    "leaves one key in every database",
  ],
  [
    "tenants' databases do not know the next key when it signs",
    ROLLOUT,
    `this.databases.set(tx, tenant, next, [])`,
    `Promise.resolve(void [tenant, next])`,
    SPEC,
    "lets both keys verify",
  ],
  [
    "a key whose rotation was lost is accepted for ever",
    `${LIB}/context-keys/replaced-context-key.store.ts`,
    `where retired_at is null and replaced_at <=`,
    `where retired_at is null and replaced_at =`,
    SPEC,
    "that was lost after the switch",
  ],
];

const OPERATION = [
  [
    "everybody rotates the signing key",
    SERVICE,
    `    requirePlatformAdmin(caller);
`,
    ``,
    SPEC,
    "is the platform administrators' alone",
  ],
  [
    "a configured key is rotated",
    SERVICE,
    `if (configured !== null) throw`,
    `if (configured !== null && configured.id === "") throw`,
    SPEC,
    "is refused where the key is an option",
  ],
  [
    "two rotate at once",
    SERVICE,
    `if (running !== undefined)`,
    `if (running?.id === "")`,
    SPEC,
    "is one at a time",
  ],
  [
    "any overlap is taken",
    "libs/core/src/isolation/context-key.schemas.ts",
    `    .min(CONTEXT_KEY_OVERLAP_MIN_SECONDS)
`,
    `    .min(CONTEXT_KEY_OVERLAP_MIN_SECONDS - 45)
`,
    SPEC,
    "is refused with an overlap in which",
  ],
  [
    "there is no overlap",
    HANDLER,
    `now + overlap_seconds * 1000`,
    `now + overlap_seconds`,
    SPEC,
    "lets both keys verify",
  ],
  [
    "a rotation is cancelled after the switch",
    HANDLER,
    `cancellable: false`,
    `cancellable: true`,
    SPEC,
    "lets both keys verify",
  ],
  [
    "the switch is not on record",
    `${ROTATION}/context-key-rotation.handler.ts`,
    `await this.log.record(tx, caller, [change], [event]);`,
    `void [this.log, caller, change, event];`,
    SPEC,
    "is on record",
  ],
  [
    "a rotation that comes late replaces another one's key",
    `${LIB}/context-keys/context-key-secrets.ts`,
    `if (id === keyId) await`,
    `await`,
    UNREACHED,
    "let a rotation be cancelled",
  ],
  [
    "the next key is kept beside the current one",
    SECRETS,
    `    await this.store.delete(tx, successor);
`,
    ``,
    UNREACHED,
    "let a rotation be cancelled",
  ],
  [
    "a database out of reach ends the rotation",
    `${ROTATION}/database-walk.ts`,
    `    if (failure instanceof InternalError) throw failure;
    return failure;`,
    `    throw failure;`,
    UNREACHED,
    "keep no other",
  ],
  [
    "a database out of reach is tried once",
    `${ROTATION}/walk-progress.ts`,
    `const PASSES = 3;`,
    `const PASSES = 1;`,
    UNREACHED,
    "are tried again",
  ],
  [
    "each database of a server out of reach is waited for",
    `${ROTATION}/walk-progress.ts`,
    `const DOWN_AFTER = 3;`,
    `const DOWN_AFTER = Infinity;`,
    `${ROTATION}/walk-progress.spec.ts`,
    "passes over a server",
  ],
  [
    "a step that waits keeps a worker from stopping",
    `${LIB}/operations/operation-runner.ts`,
    `{ ref: false, signal: stop }`,
    `{ ref: false }`,
    `${LIB}/operations/operation-wait.pg.spec.ts`,
    "is given back at once",
  ],
];

export const CONTEXT_KEY_MUTANTS = [...SIGNERS, ...INSTALLATION, ...OPERATION].map(
  ([name, file, find, replace, spec, title]) => ({
    name: `context key: ${name}`,
    file,
    find,
    replace,
    test: [spec, title],
  }),
);
