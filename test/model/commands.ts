import type { Stratum } from "@stratum-hq/lib";
import fc from "fast-check";
import type { NaiveTree } from "./naive-tree";

/** One step, with numbers that pick among the tenants there are. */
export interface Command {
  readonly kind: Kind;
  readonly tenant: number;
  readonly other: number;
  readonly subtree: boolean;
  readonly key: number;
  readonly value: number;
}

const KINDS = [
  "create",
  "move",
  "suspend",
  "archive",
  "resume",
  "set",
  "lock",
  "unlock",
  "delete",
  "batch",
] as const;
export type Kind = (typeof KINDS)[number];

const KEYS = ["alpha", "beta", "gamma"];
/** More tenants make no new situations, only longer comparisons. */
const MAX_TENANTS = 8;

export const command: fc.Arbitrary<Command> = fc.record({
  kind: fc.oneof(
    { weight: 4, arbitrary: fc.constant<Kind>("create") },
    { weight: 12, arbitrary: fc.constantFrom(...KINDS) },
    { weight: 3, arbitrary: fc.constantFrom<Kind>("resume", "set") },
  ),
  tenant: fc.nat(1000),
  other: fc.nat(1000),
  subtree: fc.boolean(),
  key: fc.nat(KEYS.length - 1),
  value: fc.nat(3),
});

/** How often each kind was accepted. */
export class Tally {
  private readonly accepted = new Map<Kind, number>(KINDS.map((kind) => [kind, 0]));

  count(kind: Kind): void {
    this.accepted.set(kind, (this.accepted.get(kind) ?? 0) + 1);
  }

  get least(): number {
    return Math.min(...this.accepted.values());
  }

  toString(): string {
    return [...this.accepted].map(([kind, count]) => `${kind} ${count}`).join(", ");
  }
}

function keyOf(index: number): string {
  return KEYS[index % KEYS.length] as string;
}

/** The calls of a command on a tenant, against Stratum. */
export function calls(stratum: Stratum, { subtree, key, value }: Command, id: string) {
  const entry = keyOf(key);
  return {
    suspend: () => stratum.suspendTenant(id, { subtree }),
    archive: () => stratum.archiveTenant(id, { subtree }),
    resume: () => stratum.resumeTenant(id, { subtree }),
    set: () => stratum.setConfig(id, entry, { value }),
    lock: () => stratum.setConfig(id, entry, { value, locked: true }),
    unlock: () => stratum.setConfig(id, entry, { value, locked: false }),
    delete: () => stratum.deleteConfig(id, entry),
  };
}

/** What a batch sets: every key, and one that is malformed. */
export function batchOf({ value, subtree }: Command) {
  return [
    ...KEYS.map((key, n) => ({ key, value: value + n, ...(subtree ? { locked: n === 0 } : {}) })),
    { key: "not a key", value: 0 },
  ];
}

/** Runs a command against both; the code that each answered. */
export async function step(
  stratum: Stratum,
  model: NaiveTree,
  command: Command,
): Promise<[stratum: string, model: string]> {
  const pick = (n: number) => model.nodes[n % model.nodes.length] as NaiveTree["nodes"][number];
  const node = pick(command.tenant);
  const kind =
    command.kind === "create" && model.nodes.length >= MAX_TENANTS ? "set" : command.kind;
  const target = command.other % 11 === 0 ? null : pick(command.other);
  const code = (call: Promise<unknown>) =>
    call.then(
      () => "ok",
      ({ code = "not a StratumError" }: { code?: string }) => code,
    );
  switch (kind) {
    case "create": {
      const expected = model.create(target);
      const created = stratum.createTenant({ name: "T", parent_id: target?.id ?? null });
      const actual = await code(created.then(({ id }) => model.add(id, target)));
      return [actual, expected];
    }
    case "move":
      return [
        await code(stratum.moveTenant(node.id, target?.id ?? null)),
        model.move(node, target),
      ];
    case "batch":
      return batch(stratum, model, node, command);
    default: {
      const expected = {
        suspend: () => model.suspend(node, command.subtree),
        archive: () => model.archive(node, command.subtree),
        resume: () => model.resume(node, command.subtree),
        set: () => model.set(node, keyOf(command.key), command.value, undefined),
        lock: () => model.set(node, keyOf(command.key), command.value, true),
        unlock: () => model.set(node, keyOf(command.key), command.value, false),
        delete: () => model.delete(node, keyOf(command.key)),
      }[kind]();
      return [await code(calls(stratum, command, node.id)[kind]()), expected];
    }
  }
}

async function batch(
  stratum: Stratum,
  model: NaiveTree,
  node: NaiveTree["nodes"][number],
  command: Command,
): Promise<[string, string]> {
  const entries = batchOf(command);
  const expected = entries.map(({ key, value, ...flags }) =>
    key === "not a key"
      ? "VALIDATION_ERROR"
      : model.set(node, key, value, "locked" in flags ? flags.locked : undefined),
  );
  const outcome = await stratum.batchSetConfig(node.id, entries).then(
    ({ results }) => results.map(({ code }) => code ?? "ok").join(),
    (error: { code: string }) => error.code,
  );
  // A batch for a shut tenant fails as a whole.
  return [outcome, node.status === "active" ? expected.join() : (expected[0] as string)];
}

/** Whether a step's answer means that something was, or could have been, changed. */
export function isAccepted(answer: string): boolean {
  return answer === "ok" || answer.split(",").filter((code) => code === "ok").length > 0;
}
