// Guards of usage.
const USAGE = "libs/lib/src/usage";
const USAGE_SPEC = `${USAGE}/usage.pg.spec.ts`;

export const USAGE_MUTANTS = [
  {
    name: "usage: an idempotency key is not kept",
    file: `${USAGE}/usage.service.ts`,
    find: `idempotency_key: given.idempotency_key ?? null,`,
    replace: `idempotency_key: null,`,
    test: [USAGE_SPEC, "returns the first event"],
  },
  {
    name: "usage: the loser of a race answers its own",
    file: `${USAGE}/usage.store.ts`,
    find: `           do nothing
         returning`,
    replace: `           do update set quantity = excluded.quantity
         returning`,
    test: [USAGE_SPEC, "sixty-four at once is one event, under READ COMMITTED"],
  },
  {
    name: "usage: a rival's failure under the host's isolation level is the caller's",
    file: `${USAGE}/usage.service.ts`,
    find: `if (!(error instanceof TransactionConflictError)) throw error;`,
    replace: `if (error instanceof TransactionConflictError) throw error;`,
    test: [USAGE_SPEC, "lets the later one fail"],
  },
  {
    name: "usage: it is recorded of what the caller cannot see",
    file: `${USAGE}/usage.store.ts`,
    find: `and ($8::uuid is null or $8 =`,
    replace: `and ($8::uuid is null or true or $8 =`,
    test: [USAGE_SPEC, "a bound caller cannot see"],
  },
  {
    name: "usage: it is recorded of tenants that are shut",
    file: `${USAGE}/usage.store.ts`,
    find: `from tenant where status = 'active'`,
    replace: `from tenant where status <> ''`,
    test: [USAGE_SPEC, "of active tenants alone"],
  },
  {
    name: "usage: a repeated key opens a shut tenant",
    file: `${USAGE}/usage.service.ts`,
    find: `requireActive({ id: event.tenant_id, status: insertion.status }, "record usage of");`,
    // Without an event there is nothing to return, and looking for one would never end.
    replace: `if (insertion.status !== "active") return (void requireActive, { ...event } as UsageEvent);`,
    test: [USAGE_SPEC, "of active tenants alone"],
  },
  {
    name: "usage: anybody's totals are anybody's",
    file: `${USAGE}/usage.service.ts`,
    find: `requireVisible(row, currentCaller(), { tenant_id });`,
    replace: `requireVisible(row, { ...currentCaller(), bound_to: null }, { tenant_id });`,
    test: [USAGE_SPEC, "a bound caller cannot see"],
  },
  {
    name: "usage: the end of a window belongs to it",
    file: `${USAGE}/usage.store.ts`,
    find: `and occurred_at < coalesce`,
    replace: `and occurred_at <= coalesce`,
    test: [USAGE_SPEC, "within"],
  },
];
