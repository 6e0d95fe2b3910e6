// What keeps sensitive values secret and readable: places, uses, rotations.
const CRYPTO = "libs/lib/src/crypto";
const CONFIG = "libs/lib/src/config-inheritance";
const SENSITIVE = `${CONFIG}/config-sensitive.pg.spec.ts`;
const ENCRYPTION = `${CRYPTO}/encryption.pg.spec.ts`;
const ROTATION = "libs/lib/src/key-rotation";
const ROTATION_SPEC = `${ROTATION}/key-rotation.pg.spec.ts`;

export const CRYPTO_MUTANTS = [
  {
    name: "crypto: a ciphertext opens in another row",
    file: `${CRYPTO}/envelope.ts`,
    find: `[tenant_id ?? "", table, column, row, version].join("|")`,
    replace: `[tenant_id ?? "", table, column, row && "", version].join("|")`,
    test: [SENSITIVE, "does not decrypt when it is moved to another key"],
  },
  {
    name: "crypto: a ciphertext opens at another tenant",
    file: `${CRYPTO}/envelope.ts`,
    find: `[tenant_id ?? "", table, column, row, version].join("|")`,
    replace: `[tenant_id && "", table, column, row, version].join("|")`,
    test: [`${CRYPTO}/envelope.spec.ts`, "does not open anywhere else"],
  },
  {
    name: "crypto: a data key is used without end",
    file: `${CRYPTO}/data-key.store.ts`,
    find: `<= \${DATA_KEY_MAX_USES}`,
    replace: `<= \${DATA_KEY_MAX_USES + 1}`,
    test: [SENSITIVE, "takes one data key for each tenant"],
  },
  {
    name: "crypto: uses are not counted",
    file: `${CRYPTO}/data-key.store.ts`,
    find: `set uses = k.uses + newest.uses`,
    replace: `set uses = k.uses`,
    test: [SENSITIVE, "takes one data key for each tenant"],
  },
  {
    name: "crypto: an override below a sensitive key is in clear",
    file: `${CONFIG}/config-plan.ts`,
    find: `sensitive: secret.has(key) || (sensitive ?? entry?.sensitive ?? false),`,
    replace: `sensitive: sensitive ?? entry?.sensitive ?? false,`,
    test: [SENSITIVE, "is what an override of a key is"],
  },
  {
    name: "crypto: a new tenant's entry below a sensitive key is in clear",
    file: "libs/lib/src/tenancy/creation-plan.ts",
    find: `entry.sensitive && entry.key === key`,
    replace: `!entry.sensitive && entry.key === key`,
    test: [SENSITIVE, "is what an override of a key is"],
  },
  {
    name: "crypto: anybody lifts the secrecy of a value",
    file: `${CONFIG}/config-refusals.ts`,
    find: `scopesLackedBy(caller, [REVEAL]).length > 0`,
    replace: `scopesLackedBy(caller, [REVEAL]).length > 1`,
    test: [SENSITIVE, "is cleared where it begins"],
  },
  {
    name: "crypto: what an outage hides is kept in the cache",
    file: "libs/lib/src/persistence/chain-cache.ts",
    find: `loaded.passing !== true`,
    replace: `loaded.passing !== null`,
    test: [ENCRYPTION, "out of reach leave the values unread for now"],
  },
  {
    name: "crypto: one bad value fails its resolve",
    file: `${CONFIG}/config-encryption.ts`,
    find: `? { ...entry, value: null, error: "DECRYPTION_FAILED" as const }`,
    replace: `? { ...entry, value: JSON.parse("") as null, error: "DECRYPTION_FAILED" as const }`,
    test: [SENSITIVE, "fails alone in a batch"],
  },
  {
    name: "crypto: the database takes a sensitive value in clear",
    file: "migrations/src/1764288000400-encryption.ts",
    find: `not sensitive or (jsonb_typeof(value)`,
    replace: `true or (jsonb_typeof(value)`,
    test: [
      "libs/lib/src/config-inheritance/config-inheritance.constraints.pg.spec.ts",
      "config_entries_sealed_check",
    ],
  },
  {
    name: "crypto: the master key is rotated by anybody",
    file: `${ROTATION}/master-key-rotation.service.ts`,
    find: `    requirePlatformAdmin(caller);`,
    replace: `    void requirePlatformAdmin;`,
    test: [ROTATION_SPEC, "is the platform's alone"],
  },
  {
    name: "crypto: a lost master key keeps all others from their rotation",
    file: `${ROTATION}/master-key-rotation.handler.ts`,
    find: `Promise.allSettled(rows.map(async (row) => this.keys.rewrap(row)));`,
    replace: `Promise.allSettled([await this.keys.rewrap(rows[0] as DataKeyRow)].concat(await Promise.all(rows.slice(1).map(async (row) => this.keys.rewrap(row)))));`,
    test: [ROTATION_SPEC, "goes past data keys whose master key is lost"],
  },
  {
    name: "crypto: a data key is destroyed under somebody who encrypts with it",
    file: `${ROTATION}/data-key-rotation.handler.ts`,
    find: `    await this.keyStore.lockBefore(tx, tenant_id, version);`,
    replace: `    void this.keyStore.lockBefore;`,
    test: [ROTATION_SPEC, "waits for who encrypts under the version before"],
  },
  {
    name: "crypto: a data key is destroyed that unreadable values may yet need",
    file: `${ROTATION}/data-key-rotation.handler.ts`,
    find: `destroyed_key_ids: left ? []`,
    replace: `destroyed_key_ids: left && progress.done < 0 ? []`,
    test: [ROTATION_SPEC, "leaves a value that does not decrypt"],
  },
  {
    name: "crypto: production starts without a master key",
    file: `${CRYPTO}/default-key-provider.ts`,
    find: `if (env.NODE_ENV === "production") throw new MasterKeyMissingError();`,
    replace: `void MasterKeyMissingError;`,
    test: [`${CRYPTO}/key-providers.spec.ts`, "are missing in production"],
  },
];
