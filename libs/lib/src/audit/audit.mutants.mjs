// The audit log: what stands in it, who may take it away, and what is told of refusals.
const AUDIT = "libs/lib/src/audit";
const MASK = "libs/core/src/audit/mask-secrets.ts";
const MASK_SPEC = "libs/core/src/audit/mask-secrets.spec.ts";
const MASK_PG_SPEC = `${AUDIT}/audit-mask.pg.spec.ts`;
const WRITER = "libs/lib/src/persistence/mutation-log.store.ts";

const MASKING = [
  {
    name: "audit: a sensitive value is shown",
    file: MASK,
    find: `if (object.sensitive === true) return true;`,
    replace: ``,
    test: [MASK_SPEC, "of what says it is sensitive"],
  },
  {
    name: "audit: what becomes sensitive is shown as it was",
    file: MASK,
    find: `if (other.sensitive === true && state.sensitive === false) return`,
    replace: `if (other.sensitive === null && state.sensitive === false) return`,
    test: [MASK_SPEC, "in neither state"],
  },
  {
    name: "audit: members named as secrets are shown",
    file: MASK,
    find: `if (!namesSecret(name) || isHarmless(name, value)) return mask(value);`,
    replace: `if (!isHarmless("", value) || name !== "") return mask(value);`,
    test: [MASK_SPEC, "leaves no trace"],
  },
  {
    name: "audit: texts are not looked through",
    file: "libs/core/src/audit/secret-text.ts",
    find: `          .replace(urls, \`$1\${MASK}@\`)`,
    replace: ``,
    test: [MASK_SPEC, "a URL's credentials"],
  },
  {
    name: "audit: states are written as they are",
    file: WRITER,
    find: `changes.map((change) => this.mask.change(change))`,
    replace: `changes`,
    test: [MASK_PG_SPEC, "the rows nor in the events of a change"],
  },
  {
    name: "audit: events are written as they are",
    file: WRITER,
    find: `return { ...event, data: this.mask.object(event.data) };`,
    replace: `return event;`,
    test: [MASK_PG_SPEC, "the rows nor in the events of a change"],
  },
  {
    name: "audit: states that SQL makes are written as they are",
    file: WRITER,
    find: `this.mask.sql(\`\${name}_state\`, \`\${name}_text\`)`,
    replace: `(void this.mask.sql, \`\${name}_state\`)`,
    test: [MASK_PG_SPEC, "what a statement wrote of many rows"],
  },
  {
    name: "audit: a line's end before a key breaks what SQL made",
    file: "libs/core/src/audit/secret-text.ts",
    find: `quote ? "(?<!\\\\\\\\)" : ""`,
    replace: `""`,
    test: [MASK_PG_SPEC, "leave what SQL made of them JSON"],
  },
  {
    name: "audit: the host's events are written as they are",
    file: `${AUDIT}/audit.store.ts`,
    find: `this.mask.change({
      ...entry,`,
    replace: `((change) => (void this.mask, change))({
      ...entry,`,
    test: [MASK_PG_SPEC, "in the host application's events"],
  },
];

const MIGRATION = "migrations/src/1764288000100-append-only-audit.ts";
const APPEND_ONLY_SPEC = `${AUDIT}/append-only.pg.spec.ts`;
const ROLES_SPEC = `${AUDIT}/audit-roles.pg.spec.ts`;

const APPEND_ONLY = [
  {
    name: "audit: rows can be changed",
    file: MIGRATION,
    find: `before update or delete or truncate`,
    replace: `before delete or truncate`,
    test: [APPEND_ONLY_SPEC, "to the table's owner, a superuser"],
  },
  {
    name: "audit: the log can be emptied",
    file: MIGRATION,
    find: `before update or delete or truncate`,
    replace: `before update or delete`,
    test: [APPEND_ONLY_SPEC, "to the table's owner, a superuser"],
  },
  {
    name: "audit: maintenance deletes around the function",
    file: MIGRATION,
    find: `current_user = 'stratum_audit' then`,
    replace: `current_user in ('stratum_audit', 'stratum_maintenance') then`,
    test: [APPEND_ONLY_SPEC, "to stratum_maintenance, rights or none"],
  },
  {
    name: "audit: replication turns the trigger off",
    file: MIGRATION,
    find: `enable always trigger`,
    replace: `enable trigger`,
    test: [APPEND_ONLY_SPEC, "triggers are off for replication"],
  },
  {
    name: "audit: anybody calls the function",
    file: MIGRATION,
    find: `\`revoke all on function \${signature} from public\``,
    replace: `\`grant execute on function \${signature} to public\``,
    test: [APPEND_ONLY_SPEC, "through its function alone"],
  },
  {
    name: "audit: the platform's log is emptied",
    file: MIGRATION,
    find: `and (before is null or before > now() - interval '1 day')`,
    replace: `and before is not null and false`,
    test: [APPEND_ONLY_SPEC, "does not lose the platform's whole log"],
  },
  {
    name: "audit: retention reaches what is younger",
    file: MIGRATION,
    find: `any(of_tenants) and a.id < upper_bound`,
    replace: `any(of_tenants) and upper_bound is not null`,
    test: [APPEND_ONLY_SPEC, "loses the oldest rows"],
  },
  {
    name: "audit: who migrates stays able to become the function's role",
    file: MIGRATION,
    find: `execute format('revoke stratum_audit from %I', current_user);`,
    replace: `null;`,
    test: [ROLES_SPEC, "are made by a login that may create roles"],
  },
  {
    name: "audit: a transaction goes on as maintenance",
    file: `${AUDIT}/audit-erasure.store.ts`,
    find: `await this.maintenance.leave(tx, role);`,
    replace: `void role;`,
    test: [ROLES_SPEC, "are made by a login that may create roles"],
  },
  {
    name: "audit: a login without maintenance is told nothing",
    file: "libs/lib/src/persistence/maintenance-role.ts",
    find: `if (!ROLE_REFUSED.includes(sqlStateOf(cause) ?? "")) throw error;`,
    replace: `if (ROLE_REFUSED.includes(sqlStateOf(cause) ?? "")) throw error;`,
    test: [ROLES_SPEC, "as the error says"],
  },
];

const REFUSALS_SPEC = `${AUDIT}/refusals.pg.spec.ts`;
const LIMITER = `${AUDIT}/refusal-limiter.ts`;
const LIMITER_SPEC = `${AUDIT}/refusal-limiter.spec.ts`;

const REFUSALS = [
  {
    name: "audit: who probes finds in its own log what is there",
    file: `${AUDIT}/refusal.ts`,
    find: `    tenant_id: null,
    metadata: { operation,`,
    replace: `    tenant_id: caller.bound_to,
    metadata: { operation,`,
    test: [REFUSALS_SPEC, "of probes of foreign ids"],
  },
  {
    name: "audit: probes leave no trace",
    file: "libs/lib/src/context/probes.ts",
    find: `  probes.push(probe);`,
    replace: `  void probe;`,
    test: [REFUSALS_SPEC, "of probes of foreign ids"],
  },
  {
    name: "audit: a probe under a name given is lost",
    file: "libs/lib/src/context/caller.ts",
    find: `if (caller.bound_to !== null) shareProbes(inContext, caller);`,
    replace: `void shareProbes;`,
    test: [REFUSALS_SPEC, "of ancestors asked for by those below"],
  },
  {
    name: "audit: a foreign entry is answered like none and not told",
    file: `${AUDIT}/audit.service.ts`,
    find: `noteProbe(caller, { resource_type: "audit_log", resource_id: entryId });`,
    replace: `void noteProbe;`,
    test: [REFUSALS_SPEC, "of probes of foreign ids"],
  },
  {
    name: "audit: a revoked key's owner does not learn of its use",
    file: "libs/lib/src/api-keys/key-use-recorder.ts",
    find: `hash === null || key_id !== null ? told`,
    replace: `hash !== "" ? told`,
    test: [REFUSALS_SPEC, "of keys stands in the log of the key's tenant"],
  },
  {
    name: "audit: the use of a suspended tenant's key is not told",
    file: "libs/lib/src/api-keys/api-key-validation.service.ts",
    find: `      this.refuse(shut.status, hash, validated);`,
    replace: ``,
    test: [REFUSALS_SPEC, "of keys stands in the log of the key's tenant"],
  },
  {
    name: "audit: a refusal that cannot be recorded fails",
    file: `${AUDIT}/refusal-recorder.ts`,
    find: `        .catch(() => this.#limiter.lose(refusals)),`,
    replace: `        .finally(() => this.#limiter.lose(refusals)),`,
    test: [REFUSALS_SPEC, "while it cannot be recorded"],
  },
  {
    name: "audit: closing tells of no suppressed refusals",
    file: `${AUDIT}/refusal-recorder.ts`,
    find: `if (untold > 0) await`,
    replace: `if (untold < 0) await`,
    test: [REFUSALS_SPEC, "so often and no more"],
  },
  {
    name: "audit: closing does not wait for refusals",
    file: `${AUDIT}/refusal-recorder.ts`,
    find: `    await this.#flushing;`,
    replace: ``,
    test: [REFUSALS_SPEC, "to the last when it closes"],
  },
  {
    name: "audit: one source fills the log",
    file: LIMITER,
    find: `|| seen.recorded >= REFUSALS_PER_SOURCE`,
    replace: `|| seen.recorded >= REFUSALS_PER_SOURCE * 1000`,
    test: [LIMITER_SPEC, "so many of a source"],
  },
  {
    name: "audit: many sources fill the log",
    file: LIMITER,
    find: `this.#all.recorded += 1;`,
    replace: `this.#all.recorded += 0;`,
    test: [LIMITER_SPEC, "so many of all sources"],
  },
  {
    name: "audit: a guard's refusal is not recorded",
    file: "libs/lib/src/guards/scope.guard.ts",
    find: `this.refusals?.noteCall(handlerOf(context), error);`,
    replace: `void handlerOf;`,
    test: ["test/guards.e2e.spec.ts", "leave a record of whom they refused"],
  },
];

const RETENTION = "libs/lib/src/retention";
const RETENTION_SPEC = `${RETENTION}/retention.pg.spec.ts`;
const PLAN_SPEC = `${RETENTION}/retention-plan.spec.ts`;

const RETENTION_MUTANTS = [
  {
    name: "audit: retention goes below a legal hold",
    file: `${RETENTION}/retention-plan.ts`,
    find: `known.length < chain.length || known.some(({ held }) => held)`,
    replace: `known.length < chain.length || known.at(-1)?.held === true`,
    test: [PLAN_SPEC, "leaves out who is on legal hold"],
  },
  {
    name: "audit: retention deletes where it cannot read for how long",
    file: `${RETENTION}/retention-plan.ts`,
    find: `const days = resolved === undefined ? defaultDays : resolved.value;`,
    replace: `const days = typeof resolved?.value === "number" ? resolved.value : defaultDays;`,
    test: [PLAN_SPEC, "leaves out those whose days are"],
  },
  {
    name: "audit: retention overlooks a hold that was laid on meanwhile",
    file: `${RETENTION}/retention.store.ts`,
    find: `and t.status <> 'purging' and not \${HELD}`,
    replace: `and t.status <> 'purging' and (not \${HELD} or true)`,
    test: [RETENTION_SPEC, "laid on hold after it has begun"],
  },
  {
    name: "audit: retention does not wait for who changes a tenant",
    file: `${RETENTION}/retention.store.ts`,
    find: `any($1::uuid[]) order by id for share"`,
    replace: `any($1::uuid[]) order by id"`,
    test: [RETENTION_SPEC, "laid on hold after it has begun"],
  },
  {
    name: "audit: a tenant's caller expires everybody's records",
    file: `${RETENTION}/retention.service.ts`,
    find: `if (isPlatformAdmin(caller)) return { path: null, alone: null };`,
    replace: `if (isPlatformAdmin(caller) || caller.bound_to !== "") return { path: null, alone: null };`,
    test: [RETENTION_SPEC, "administrators of the platform alone"],
  },
  {
    name: "audit: a foreign tenant's records are expired",
    file: `${RETENTION}/retention.service.ts`,
    find: `      caller,
      { tenant_id },`,
    replace: `      { ...caller, bound_to: null },
      { tenant_id },`,
    test: [RETENTION_SPEC, "administrators of the platform alone"],
  },
  {
    name: "audit: a tenant on hold is expired by name",
    file: `${RETENTION}/retention.service.ts`,
    find: `if (legal_hold) throw`,
    replace: `if (legal_hold && id === "") throw`,
    test: [RETENTION_SPEC, "spares who is on legal hold"],
  },
  {
    name: "audit: what expired leaves no row",
    file: `${RETENTION}/retention-batches.ts`,
    find: `if (changes.length > 0) await`,
    replace: `if (changes.length < 0) await`,
    test: [RETENTION_SPEC, "leaves a row in its log"],
  },
  {
    name: "audit: young events expire",
    file: `${RETENTION}/retention.store.ts`,
    find: `any($1::uuid[]) and id < $2::uuid order by`,
    replace: `any($1::uuid[]) and $2::uuid is not null order by`,
    test: [RETENTION_SPEC, "deletes what is older than the default"],
  },
  {
    name: "audit: a page begins with the row that the last one ended with",
    file: `${AUDIT}/audit-query.ts`,
    find: `"a.id < :cursor"`,
    replace: `"a.id <= :cursor"`,
    test: ["test/concurrency/audit-paging.pg.spec.ts", "every row exactly once"],
  },
  {
    name: "audit: a small subtree's rows are looked for in the whole log",
    file: `${AUDIT}/audit-query.ts`,
    find: `if (rows.length > MAX_NAMED) this`,
    replace: `if (rows.length > 0) this`,
    test: [`${AUDIT}/audit-plans.pg.spec.ts`, "tenant with descendants"],
  },
];

export const AUDIT_MUTANTS = [...MASKING, ...APPEND_ONLY, ...REFUSALS, ...RETENTION_MUTANTS];
