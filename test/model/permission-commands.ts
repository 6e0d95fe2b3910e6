import {
  PERMISSION_MODES,
  REVOCATION_MODES,
  type PermissionMode,
  type RevocationMode,
  type Stratum,
} from "@stratum-hq/lib";
import fc from "fast-check";
import { NaivePermissions, type Fields } from "./naive-permissions";
import type { NaiveTree, Node } from "./naive-tree";

export const PERMISSION_KINDS = ["grant", "regrant", "revoke", "ban", "lift"] as const;
export type PermissionKind = (typeof PERMISSION_KINDS)[number];

/** What a step on permissions is made of. */
export interface PermissionStep {
  /** Picks among the tenants. */
  readonly tenant: number;
  /** Whether it picks among all of them, also where only some have what is to be changed. */
  readonly anywhere: boolean;
  readonly value: number;
  readonly mode: PermissionMode;
  readonly revocation_mode: RevocationMode;
  readonly force: boolean;
  /** Which fields an update gives: bits for value, mode, revocation_mode. */
  readonly given: number;
  /** Whether the version expected is an older one. */
  readonly stale: boolean;
}

/** True once in `n` times. */
function rarely(n: number): fc.Arbitrary<boolean> {
  return fc.nat(n - 1).map((draw) => draw === 0);
}

/** Restrictive modes are rarer: a lock or a ban near the root leaves little to happen below. */
export const PERMISSION_STEP = {
  mode: fc.constantFrom(...PERMISSION_MODES, "INHERITED" as const, "DELEGATED" as const),
  revocation_mode: fc.constantFrom(...REVOCATION_MODES, "CASCADE" as const),
  force: rarely(4),
  given: fc.integer({ min: 1, max: 7 }),
  stale: rarely(8),
  anywhere: rarely(5),
};

const UNKNOWN = "00000000-0000-7000-8000-000000000000";

function fieldsOf({ value, mode, revocation_mode, given }: PermissionStep): Partial<Fields> {
  return {
    ...(given & 1 ? { value } : {}),
    ...(given & 2 ? { mode } : {}),
    ...(given & 4 ? { revocation_mode } : {}),
  };
}

/** The calls of a step against Stratum, with the version that is to be expected, if any. */
export function permissionCalls(
  stratum: Stratum,
  step: PermissionStep,
  { id, key, policy, version }: { id: string; key: string; policy: string; version?: number },
) {
  const { value, mode, revocation_mode, force } = step;
  const asked = { force, ...(version === undefined ? {} : { expected_version: version }) };
  return {
    grant: () => stratum.createPermission(id, { key, value, mode, revocation_mode }),
    regrant: () => stratum.updatePermission(id, policy, { ...fieldsOf(step), ...asked }),
    revoke: () => stratum.deletePermission(id, policy, asked),
    ban: () => stratum.banPermission(id, key, { force }),
    lift: () => stratum.liftPermissionBan(id, key),
  };
}

/**
 * The tenant of a step: mostly one that has what is to be changed, if there is any. Of eight tenants
 * and three keys hardly one would by chance.
 */
function subject(
  { nodes }: NaiveTree,
  kind: PermissionKind,
  { tenant, anywhere }: PermissionStep,
  key: string,
): Node {
  const having = nodes.filter(({ policies, bans }) => {
    if (kind === "lift") return bans.has(key);
    return kind === "regrant" || kind === "revoke" ? policies.has(key) : true;
  });
  const among = anywhere || having.length === 0 ? nodes : having;
  return among[tenant % among.length] as Node;
}

/** Runs a step against both: Stratum's call, and what the model answers. */
export function permissionStep(
  stratum: Stratum,
  tree: NaiveTree,
  { kind, key }: { kind: PermissionKind; key: string },
  step: PermissionStep,
): { call: () => Promise<unknown>; expected: string } {
  const node = subject(tree, kind, step, key);
  const permissions = new NaivePermissions(tree);
  const { value, mode, revocation_mode } = step;
  const own = node.policies.get(key);
  // Another tenant's policy is as unknown here as one that nobody has.
  const foreign = tree.nodes.find((other) => other !== node && other.policies.has(key));
  const policy = (own ?? foreign?.policies.get(key))?.id ?? UNKNOWN;
  const version = step.stale ? { version: own === undefined ? 1 : own.version + 1 } : {};
  const asked = { force: step.force, expected_version: version.version };
  const expected = {
    grant: () => permissions.grant(node, key, { value, mode, revocation_mode }),
    regrant: () => permissions.regrant(node, policy, fieldsOf(step), asked),
    revoke: () => permissions.revoke(node, policy, asked),
    ban: () => permissions.ban(node, key, step.force),
    lift: () => permissions.lift(node, key),
  }[kind]();
  const calls = permissionCalls(stratum, step, { id: node.id, key, policy, ...version });
  if (kind !== "grant") return { call: calls[kind], expected };
  const created = node.policies.get(key);
  return {
    call: () =>
      calls.grant().then(({ id }) => {
        if (created !== undefined) created.id = id;
      }),
    expected,
  };
}
