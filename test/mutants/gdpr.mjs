// Guards of the list of tenants' tables and of consents.
const CONSENT = "libs/lib/src/consent";
const CONSENT_SPEC = `${CONSENT}/consent.pg.spec.ts`;
const CONSENT_RACES = "test/concurrency/consent-races.pg.spec.ts";
const TABLES = "libs/lib/src/gdpr/tenant-tables.ts";
const TABLES_SPEC = "libs/lib/src/gdpr/tenant-tables.pg.spec.ts";

export const GDPR_MUTANTS = [
  {
    name: "gdpr: a table of tenants is not on the list",
    file: TABLES,
    find: `[TENANT, ...CONTROL, ...RECORDS]`,
    replace: `[TENANT, ...CONTROL, ...RECORDS.slice(1)]`,
    test: [TABLES_SPEC, "has every table that names a tenant"],
  },
  {
    name: "gdpr: a column is not accounted for",
    file: TABLES,
    find: `withheld: ["key_hash"],`,
    replace: `withheld: [],`,
    test: [TABLES_SPEC, "accounts for every column of api_keys"],
  },
  {
    name: "gdpr: two rows of a tenant have no order",
    file: TABLES,
    find: `key: ["metric", "occurred_at", "id"],`,
    replace: `key: ["metric", "occurred_at"],`,
    test: [TABLES_SPEC, "orders the rows that a tenant has in usage_events"],
  },
  {
    name: "gdpr: what refers to a row comes before it",
    file: TABLES,
    find: `[TENANT, ...CONTROL, ...RECORDS]`,
    replace: `[...CONTROL, ...RECORDS, TENANT]`,
    test: [TABLES_SPEC, "comes to what refers to a row after that row"],
  },
  {
    name: "consent: a revoked one is in force",
    file: `${CONSENT}/consent.store.ts`,
    find: `           and granted and (expires_at is null`,
    replace: `           and (expires_at is null`,
    test: [CONSENT_SPEC, "is in force until it is revoked"],
  },
  {
    name: "consent: an expired one is in force",
    file: `${CONSENT}/consent.store.ts`,
    find: `and (expires_at is null or expires_at > now())`,
    replace: `and (expires_at is null or expires_at is not null)`,
    test: [CONSENT_SPEC, "leaves a trail"],
  },
  {
    name: "consent: an expiry that a change finds leaves no trail",
    file: `${CONSENT}/consent-records.ts`,
    find: `[...expiryChange(before), change]`,
    replace: `[...expiryChange(null), change]`,
    test: [CONSENT_SPEC, "leaves a trail"],
  },
  {
    name: "consent: an expiry is recorded again when the consent changes",
    file: `${CONSENT}/consent-records.ts`,
    find: `if (before?.expiry_unrecorded !== true) return [];`,
    replace: `if (before === null) return [];`,
    test: [CONSENT_SPEC, "is put on record once"],
  },
  {
    name: "consent: an expiry is recorded by every look",
    file: `${CONSENT}/consent.store.ts`,
    find: `granted and expires_at <= now() and expiry_recorded_at is null`,
    replace: `granted and expires_at <= now()`,
    test: [CONSENT_SPEC, "is put on record once"],
  },
  {
    name: "consent: what is given again expires unrecorded",
    file: `${CONSENT}/consent.store.ts`,
    find: `expiry_recorded_at = null, metadata`,
    replace: `metadata`,
    // The expiry that the worker recorded would stand for the next one too.
    test: [CONSENT_SPEC, "given again after a look expires again"],
  },
  {
    name: "consent: one that is revoked is revoked again",
    file: `${CONSENT}/consent.service.ts`,
    find: `if (!before.granted) return true;`,
    replace: ``,
    test: [CONSENT_SPEC, "is revoked once"],
  },
  {
    name: "consent: it is recorded in tenants that are shut",
    file: `${CONSENT}/consent.service.ts`,
    find: `await this.gate.enter(tx, tenant_id, "record a consent in", caller, [nameOf(of)]);`,
    replace: `await this.gate.hold(tx, tenant_id, caller, [nameOf(of)]);`,
    test: [CONSENT_SPEC, "in active tenants alone"],
  },
  {
    name: "consent: anybody's are anybody's",
    file: `${CONSENT}/consent-read.service.ts`,
    find: `requireVisible(row, currentCaller(), { tenant_id: tenantId });`,
    replace: `requireVisible(row, { ...currentCaller(), bound_to: null }, { tenant_id: tenantId });`,
    test: [CONSENT_SPEC, "a bound caller cannot see"],
  },
  {
    name: "consent: the one in force is anybody's",
    file: `${CONSENT}/consent-read.service.ts`,
    find: `requireVisible(found, currentCaller(), lookup)`,
    replace: `requireVisible(found, { ...currentCaller(), bound_to: null }, lookup)`,
    test: [CONSENT_SPEC, "a bound caller cannot see"],
  },
  {
    name: "consent: two that are given at once do not wait for each other",
    file: `${CONSENT}/consent.service.ts`,
    find: `"record a consent in", caller, [nameOf(of)]);`,
    replace: `"record a consent in", caller, []);`,
    test: [CONSENT_RACES, "that give it at once"],
  },
  {
    name: "consent: it makes caches forget",
    file: "libs/lib/src/persistence/mutation-log.ts",
    find: `events.filter(concernsCaches)`,
    replace: `events.filter((event) => concernsCaches(event) || true)`,
    test: [CONSENT_SPEC, "makes no cache forget"],
  },
  {
    name: "consent: it makes other processes' caches forget",
    file: "libs/lib/src/persistence/change-feed.store.ts",
    find: `and type not like '\${UNCACHED}%'`,
    replace: `and type not like 'none'`,
    test: [CONSENT_SPEC, "makes no cache forget"],
  },
];
