// Guards of long operations.
const OPERATIONS = "libs/lib/src/operations";
const RUNNER_SPEC = `${OPERATIONS}/operation-runner.pg.spec.ts`;
const ATTENDED_SPEC = `${OPERATIONS}/attended-operation.pg.spec.ts`;
const SEEN_SPEC = `${OPERATIONS}/operations.pg.spec.ts`;

export const OPERATION_MUTANTS = [
  {
    name: "operations: who cancels waits until no step is in the way",
    file: `${OPERATIONS}/operation.store.ts`,
    find: `\${TURN} select \${OPERATION_COLUMNS} from`,
    replace: `with turn as (select 1 as held) select \${OPERATION_COLUMNS} from`,
    test: [RUNNER_SPEC, "is cancelled between two steps"],
  },
  {
    name: "operations: a step asks nobody whether its claim still holds",
    file: `${OPERATIONS}/operation.store.ts`,
    find: `and o.claim_id = $2 and o.state = 'running' for no key update of o`,
    replace: `and o.claim_id <> o.id and $2::uuid is not null for no key update of o`,
    test: [RUNNER_SPEC, "the slow one commits nothing more"],
  },
  {
    name: "operations: a step keeps nobody away",
    file: `${OPERATIONS}/operation.store.ts`,
    find: `and o.state = 'running' for no key update of o`,
    replace: `and o.state = 'running'`,
    test: [RUNNER_SPEC, "nobody else's, however long"],
  },
  {
    name: "operations: one is taken over while its process is alive",
    file: `${OPERATIONS}/operation.store.ts`,
    find: `           and heartbeat_at <= clock_timestamp() - \${milliseconds("$3")}
         order by`,
    replace: `           and \${milliseconds("$3")} is not null
         order by`,
    test: [RUNNER_SPEC, "left alone while its process is alive"],
  },
  {
    name: "operations: one is taken over by who cannot do it",
    file: `${OPERATIONS}/operation.store.ts`,
    find: `and type = any($1::text[])`,
    replace: `and $1::text[] is not null`,
    test: [RUNNER_SPEC, "left alone while its process is alive"],
  },
  {
    name: "operations: the worker cannot be turned off",
    file: `${OPERATIONS}/operation-worker.ts`,
    find: `if (this.options.worker === false) return;`,
    replace: ``,
    test: [RUNNER_SPEC, "left alone while its process is alive"],
  },
  {
    name: "operations: one that takes down every process goes on for ever",
    file: `${OPERATIONS}/operation-runner.ts`,
    find: `found.attempts <= OPERATION_ATTEMPTS_MAX`,
    replace: `found.attempts <= 100 * OPERATION_ATTEMPTS_MAX`,
    test: [RUNNER_SPEC, "takes down every process"],
  },
  {
    name: "operations: a process that ends keeps what it was doing",
    file: `${OPERATIONS}/operation-runner.ts`,
    find: `await this.store.release(operation);`,
    replace: ``,
    test: [RUNNER_SPEC, "is given back by a process that ends"],
  },
  {
    name: "operations: what one fails with is kept with its cause",
    file: `${OPERATIONS}/operation-failure.ts`,
    find: `error instanceof StratumError ? error : new InternalError(error)`,
    replace: `
    (error as Error).cause instanceof Error
      ? { code: "INTERNAL_ERROR", message: ((error as Error).cause as Error).message }
      : error instanceof StratumError
        ? error
        : new InternalError(error)`,
    test: [RUNNER_SPEC, "keeps nothing of an error"],
  },
  {
    name: "operations: a request to cancel is not read",
    file: `${OPERATIONS}/operation-runner.ts`,
    find: `if (operation.cancel_requested) {`,
    replace: `if (operation.cancel_requested && operation.attempts < 0) {`,
    test: [RUNNER_SPEC, "is cancelled between two steps"],
  },
  {
    name: "operations: what must be finished is cancelled",
    file: `${OPERATIONS}/operation-control.service.ts`,
    find: `      : cancellable
        ? null`,
    replace: `      : cancellable || state === "running"
        ? null`,
    test: [RUNNER_SPEC, "that must be finished"],
  },
  {
    name: "operations: one under way is resumed beside itself",
    file: `${OPERATIONS}/operation-control.service.ts`,
    find: `state === "running" && !abandoned`,
    replace: `state === "running" && !abandoned && id === ""`,
    test: [SEEN_SPEC, "are cancelled at once"],
  },
  {
    name: "operations: anybody sees anybody's",
    file: `${OPERATIONS}/operation-read.service.ts`,
    find: `(bound_to === null || (row.path`,
    replace: `(bound_to === null || true || (row.path`,
    test: [SEEN_SPEC, "are those of its own subtree"],
  },
  {
    name: "operations: a list has those of all trees",
    file: `${OPERATIONS}/operation-list.store.ts`,
    find: `if (within !== undefined) {`,
    replace: `if (within !== undefined && limit < 0) {`,
    test: [SEEN_SPEC, "are those of its own subtree"],
  },
  {
    name: "operations: a customer stops what its distributor started",
    file: `${OPERATIONS}/operation-control.service.ts`,
    find: `chain.indexOf(started_by) >= chain.indexOf(bound_to)`,
    replace: `chain.indexOf(started_by) >= 0`,
    test: [SEEN_SPEC, "by the level that started them"],
  },
  {
    name: "operations: an attended one is given up while it holds its transaction",
    file: `${OPERATIONS}/attended-operation.store.ts`,
    find: `         and pg_try_advisory_xact_lock(`,
    replace: `         and 0 < length($2) and row(`,
    also: [
      `${'${OPERATION_LOCK}, ${operationLockKey("o.id")})'}\``,
      `${'${OPERATION_LOCK}, ${operationLockKey("o.id")})'} is not null\``,
    ],
    test: [ATTENDED_SPEC, "holds the only connection"],
  },
  {
    name: "operations: nobody tells an attended one that it was cancelled",
    file: `${OPERATIONS}/attended-operation.ts`,
    find: `if (cancel) this.#cancelled`,
    replace: `if (cancel && this.#beating === null) this.#cancelled`,
    test: [ATTENDED_SPEC, "learns that it was cancelled"],
  },
];
