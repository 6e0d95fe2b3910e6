// What holds configuration together: locks above, reserved keys, records.
const CONFIG = "libs/lib/src/config-inheritance";
const RACES = "test/concurrency/races.pg.spec.ts";
const SUITE = `${CONFIG}/config.pg.spec.ts`;

export const CONFIG_MUTANTS = [
  {
    name: "locking a key takes its lock shared",
    file: `${CONFIG}/config-write.service.ts`,
    find: `inputs.some(({ locked }) => locked === true) ? "exclusive" : "shared"`,
    replace: `inputs.some(({ locked }) => locked === true) ? "shared" : "shared"`,
    test: [RACES, "no override commits after the lock"],
  },
  {
    name: "an override does not look for locks above",
    file: `${CONFIG}/config-refusals.ts`,
    find: `    : new ConfigLockedError(key, knownTo(caller, path, lock.tenant_id));`,
    replace: `    : (void ConfigLockedError, knownTo, caller, path, null);`,
    test: [SUITE, "lets the uppermost lock decide"],
  },
  {
    name: "two transactions write one tenant's entries at once",
    file: "libs/lib/src/tenancy/tree-locks.store.ts",
    find: `request.entriesOf === undefined ? [] : [lockKeyOf(request.entriesOf)];`,
    replace: `[];`,
    test: [RACES, "two dozen sets of one key"],
  },
  {
    name: "configuration is written without a lock on the tenant's entries",
    file: `${CONFIG}/config-write.service.ts`,
    find: `lock: { keys: { of: keys, mode }, entriesOf: tenant },`,
    replace: `lock: { keys: { of: keys, mode } },`,
    test: [RACES, "two dozen sets of one key"],
  },
  {
    name: "anybody may write reserved keys",
    file: `${CONFIG}/config-refusals.ts`,
    find: `const allowed = !isReservedKey(key) || bound_to === null || isBelow(path, bound_to);`,
    replace: `const allowed = !isReservedKey(key) || bound_to === null || isBelow(path, bound_to) || id !== "";`,
    test: [SUITE, "are set by a level strictly above"],
  },
  {
    name: "a mutation forgets its audit row",
    file: `${CONFIG}/config-write.service.ts`,
    find: `await m.record(...record(written, before));`,
    replace: `void [record, before];`,
    test: [
      "libs/lib/src/audit/audit-mutators.pg.spec.ts",
      "that changes something: setConfig leaves rows",
    ],
  },
];
