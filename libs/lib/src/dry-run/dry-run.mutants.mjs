// What keeps a dry run from doing anything, and from telling too much.
const DRY_RUN = "test/dry-run.pg.spec.ts";
const OVER_HTTP = "test/dry-run.e2e.spec.ts";
const EDGE = "src/api/dry-run.ts";
const CONTEXT = "libs/lib/src/context/dry-run.ts";
const DATABASE = "libs/lib/src/persistence/database.ts";
const MUTATIONS = "libs/lib/src/tenancy/mutations.ts";
const REHEARSAL = "libs/lib/src/tenancy/rehearsal.store.ts";

export const DRY_RUN_MUTANTS = [
  {
    name: "a dry run commits",
    file: DATABASE,
    find: `lockWaitMs: DRY_RUN_LOCK_WAIT_MS, end: "rollback" }`,
    replace: `lockWaitMs: DRY_RUN_LOCK_WAIT_MS, end: "commit" }`,
    test: [DRY_RUN, "setConfig changes nothing"],
  },
  {
    name: "caches forget what a dry run took back",
    file: DATABASE,
    find: `if (end === "commit") this.feed.announce(tx.changedTenants);`,
    replace: `this.feed.announce(tx.changedTenants);`,
    test: [DRY_RUN, "has no cache forget anything"],
  },
  {
    name: "a dry run waits for locks as long as the real call",
    file: DATABASE,
    find: `lockWaitMs: DRY_RUN_LOCK_WAIT_MS,`,
    replace: `lockWaitMs: DRY_RUN_LOCK_WAIT_MS * 2,`,
    test: [DRY_RUN, "waits two seconds for a lock"],
  },
  {
    name: "a dry run does not check what the commit would",
    file: DATABASE,
    find: `await tx.query("set constraints all immediate");`,
    replace: ``,
    test: [DRY_RUN, "is refused what only the commit would refuse"],
  },
  {
    name: "a call goes on after the commit that a dry run did not make",
    file: MUTATIONS,
    find: `return recorded === null ? result : dryRun.end(recorded);`,
    replace: `if (recorded !== null) { try { dryRun.end(recorded); } catch { /* goes on */ } } return result;`,
    test: [DRY_RUN, "makes neither schemas nor databases"],
  },
  {
    name: "a dry run asks for no scope",
    file: "libs/lib/src/api/api-calls.ts",
    find: `  private async make(name: MethodName, args: readonly unknown[]): Promise<unknown> {
    this.requireScopes(name, args);`,
    replace: `  private async make(name: MethodName, args: readonly unknown[]): Promise<unknown> {
    if (currentDryRun() === null) this.requireScopes(name, args);`,
    test: [DRY_RUN, "asks for the mutation's scopes"],
  },
  {
    name: "a plan names tenants above to who may not know them",
    file: REHEARSAL,
    find: `if (bound_to === null || sees_ancestors) return { changes, events };`,
    replace: `if (bound_to === null || bound_to !== "") return { changes, events };`,
    test: [DRY_RUN, "hides the tenants above"],
  },
  {
    name: "a plan lists whatever there is",
    file: REHEARSAL,
    find: `from logged order by id limit $2),`,
    replace: `from logged where $2 > 0 order by id),`,
    test: [DRY_RUN, "counts the tenants and changes"],
  },
  {
    name: "a second mutation runs in a dry run",
    file: CONTEXT,
    find: `if (this.#mutation === null) return null;`,
    replace: `if (name !== "") return null;`,
    test: [DRY_RUN, "takes one mutation and refuses"],
  },
  {
    name: "a record is made in a dry run",
    file: CONTEXT,
    find: `if (effect !== "mutator") return`,
    replace: `if (effect === "runner") return`,
    test: [DRY_RUN, "refuses a record"],
  },
  {
    name: "a dry run takes a mutation after its end",
    file: CONTEXT,
    find: `if (this.#closed) return`,
    replace: `if (this.#closed && effect !== "mutator") return`,
    test: [DRY_RUN, "refuses one that comes after its end"],
  },
  {
    name: "a dry run answers before its mutation has ended",
    file: CONTEXT,
    find: `    await this.#mutation;
`,
    replace: ``,
    test: [DRY_RUN, "waits for a mutation that nobody awaited"],
  },
  {
    name: "a plan tells of a caller's refusal as of a conflict",
    file: "libs/lib/src/dry-run/dry-run.service.ts",
    find: `if (passes) throw error;`,
    replace: ``,
    test: [DRY_RUN, "asks for the mutation's scopes"],
  },
  {
    name: "a dry run over HTTP executes",
    file: EDGE,
    find: `await stratum.dryRun(async () => (result = await call()))`,
    replace: `((result = await call()), await stratum.dryRun(call))`,
    test: [OVER_HTTP, "setConfig answers the plan"],
  },
  {
    name: "a dry run of a read is not refused",
    file: EDGE,
    find: `return method.effect === "mutator";`,
    replace: `return method.effect !== "recorder";`,
    test: [OVER_HTTP, "is unknown to getTenant"],
  },
  {
    name: "a dry run over HTTP plans what would find nothing",
    file: EDGE,
    find: `if (result !== undefined) answerOf(method, result);`,
    replace: ``,
    test: [OVER_HTTP, "answers 404 where the call would find nothing"],
  },
];
