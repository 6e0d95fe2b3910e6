import type { Stratum } from "@stratum-hq/lib";
import fc from "fast-check";
import { codeOf } from "../support/use-stratum";
import type { NaiveTree, Node } from "./naive-tree";
import {
  PERMISSION_KINDS,
  PERMISSION_STEP,
  permissionStep,
  type PermissionKind,
  type PermissionStep,
} from "./permission-commands";

/** One step, with numbers that pick among the tenants there are. */
export interface Command extends PermissionStep {
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
  ...PERMISSION_KINDS,
] as const;
export type Kind = (typeof KINDS)[number];

const KEYS = ["alpha", "beta", "gamma"];
/** More tenants make no new situations, only longer comparisons. */
const MAX_TENANTS = 8;

export const command: fc.Arbitrary<Command> = fc.record({
  kind: fc.oneof(
    { weight: 4, arbitrary: fc.constant<Kind>("create") },
    { weight: 15, arbitrary: fc.constantFrom(...KINDS) },
    { weight: 3, arbitrary: fc.constantFrom<Kind>("resume", "set") },
    { weight: 4, arbitrary: fc.constantFrom<Kind>("grant", "grant", "regrant", "lift") },
  ),
  tenant: fc.nat(1000),
  other: fc.nat(1000),
  subtree: fc.boolean(),
  key: fc.nat(KEYS.length - 1),
  value: fc.nat(3),
  ...PERMISSION_STEP,
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

/** Configuration and permissions have the same keys, each its own. */
export function keyOf({ key: index }: Command): string {
  return KEYS[index % KEYS.length] as string;
}

/** The calls of a command on a tenant, against Stratum. */
export function calls(stratum: Stratum, command: Command, id: string) {
  const { subtree, value } = command;
  const entry = keyOf(command);
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

/** Whether a kind is one of permissions. */
export function isPermissionKind(kind: Kind): kind is PermissionKind {
  return PERMISSION_KINDS.some((each) => each === kind);
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
  const pick = (n: number) => model.nodes[n % model.nodes.length] as Node;
  const node = pick(command.tenant);
  const kind =
    command.kind === "create" && model.nodes.length >= MAX_TENANTS ? "set" : command.kind;
  const target = command.other % 11 === 0 ? null : pick(command.other);
  if (isPermissionKind(kind)) {
    const { call, expected } = permissionStep(
      stratum,
      model,
      { kind, key: keyOf(command) },
      command,
    );
    return [await codeOf(call()), expected];
  }
  switch (kind) {
    case "create": {
      const expected = model.create(target);
      const created = stratum.createTenant({ name: "T", parent_id: target?.id ?? null });
      const actual = await codeOf(created.then(({ id }) => model.add(id, target)));
      return [actual, expected];
    }
    case "move": {
      const moved = stratum.moveTenant(node.id, target?.id ?? null);
      return [await codeOf(moved), model.move(node, target)];
    }
    case "batch":
      return batch(stratum, model, node, command);
    default: {
      const call = calls(stratum, command, node.id)[kind];
      const expected = {
        suspend: () => model.suspend(node, command.subtree),
        archive: () => model.archive(node, command.subtree),
        resume: () => model.resume(node, command.subtree),
        set: () => model.set(node, keyOf(command), command.value, undefined),
        lock: () => model.set(node, keyOf(command), command.value, true),
        unlock: () => model.set(node, keyOf(command), command.value, false),
        delete: () => model.delete(node, keyOf(command)),
      }[kind]();
      return [await codeOf(call()), expected];
    }
  }
}

async function batch(
  stratum: Stratum,
  model: NaiveTree,
  node: Node,
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
