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
    find: `\${this.mask.sql("before_state")}`,
    replace: `before_state`,
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

export const AUDIT_MUTANTS = [...MASKING];
