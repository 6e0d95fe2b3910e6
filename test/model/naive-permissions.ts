import type { PermissionMode } from "@stratum-hq/lib";
import { STATE_CODE, type NaiveTree, type Node, type Policy } from "./naive-tree";

export type Fields = Pick<Policy, "value" | "mode" | "revocation_mode">;

/** How an update or a deletion was asked for. */
export interface Asked {
  readonly force: boolean;
  readonly expected_version?: number | undefined;
}

/** What a tenant resolves to, key by key. */
export type Granted = Record<
  string,
  { policy_id: string; value: number; source: string; mode: PermissionMode }
>;

/**
 * Semantics' permissions over a {@link NaiveTree}, for the platform as caller: loops over all tenants,
 * nothing clever. Each operation answers the code that Stratum is to answer.
 */
export class NaivePermissions {
  constructor(private readonly tree: NaiveTree) {}

  /** The policy gets its id from what Stratum answers. */
  grant(node: Node, key: string, fields: Fields): string {
    const refusal = this.refusal(node, key, fields.mode);
    if (refusal !== null) return refusal;
    if (node.policies.has(key)) return "PERMISSION_ALREADY_EXISTS";
    node.policies.set(key, { id: "", version: 1, ...fields });
    return "ok";
  }

  regrant(node: Node, id: string, fields: Partial<Fields>, asked: Asked): string {
    if (node.status !== "active") return STATE_CODE[node.status];
    const [key, policy] = ownPolicy(node, id);
    if (policy === undefined) return "PERMISSION_NOT_FOUND";
    const wanted = { ...policy, ...fields };
    const refusal = this.refusal(node, key, wanted.mode);
    if (refusal !== null) return refusal;
    if (isStale(policy, asked)) return "VERSION_CONFLICT";
    const same = (["value", "mode", "revocation_mode"] as const).every(
      (field) => policy[field] === wanted[field],
    );
    if (same) return "ok";
    if (policy.revocation_mode === "PERMANENT" && !asked.force)
      return "PERMISSION_REVOCATION_DENIED";
    node.policies.set(key, { ...wanted, version: policy.version + 1 });
    return "ok";
  }

  revoke(node: Node, id: string, asked: Asked): string {
    if (node.status !== "active") return STATE_CODE[node.status];
    const [key, policy] = ownPolicy(node, id);
    if (policy === undefined) return "PERMISSION_NOT_FOUND";
    if (this.above(node, key).some(({ mode }) => mode === "LOCKED")) return "PERMISSION_LOCKED";
    if (policy.revocation_mode === "PERMANENT" && !asked.force)
      return "PERMISSION_REVOCATION_DENIED";
    if (isStale(policy, asked)) return "VERSION_CONFLICT";
    node.policies.delete(key);
    if (policy.revocation_mode !== "CASCADE") return "ok";
    for (const below of this.subtree(node)) {
      if (below.policies.get(key)?.revocation_mode !== "PERMANENT") below.policies.delete(key);
    }
    return "ok";
  }

  ban(node: Node, key: string, force: boolean): string {
    if (node.status !== "active") return STATE_CODE[node.status];
    if (node.bans.has(key)) return "ok";
    const within = this.subtree(node);
    const permanent = within.some(
      ({ policies }) => policies.get(key)?.revocation_mode === "PERMANENT",
    );
    if (permanent && !force) return "PERMISSION_REVOCATION_DENIED";
    for (const each of within) each.policies.delete(key);
    node.bans.add(key);
    return "ok";
  }

  lift(node: Node, key: string): string {
    if (node.status !== "active") return STATE_CODE[node.status];
    return node.bans.delete(key) ? "ok" : "PERMISSION_NOT_FOUND";
  }

  resolve(node: Node): Granted {
    const granted: Granted = {};
    const levels = this.tree
      .chain(node)
      .filter((level) => level === node || level.status !== "archived");
    for (const level of levels) {
      for (const [key, { id, value, mode }] of level.policies) {
        if (granted[key]?.mode === "LOCKED") continue;
        granted[key] = { policy_id: id, value, source: level.id, mode };
      }
    }
    const banned = levels.flatMap(({ bans }) => [...bans]);
    return Object.fromEntries(Object.entries(granted).filter(([key]) => !banned.includes(key)));
  }

  private refusal(node: Node, key: string, mode: PermissionMode): string | null {
    if (node.status !== "active") return STATE_CODE[node.status];
    if (this.tree.chain(node).some(({ bans }) => bans.has(key))) return "PERMISSION_BANNED";
    const above = this.above(node, key);
    if (above.some((policy) => policy.mode === "LOCKED")) return "PERMISSION_LOCKED";
    const nearest = above.at(-1);
    return nearest?.mode === "INHERITED" && mode !== "INHERITED"
      ? "PERMISSION_NOT_DELEGATED"
      : null;
  }

  /** The key's policies at the tenants above, root first. */
  private above(node: Node, key: string): Policy[] {
    return this.tree
      .chain(node)
      .filter((level) => level !== node && level.status !== "archived")
      .flatMap(({ policies }) => policies.get(key) ?? []);
  }

  private subtree(node: Node): Node[] {
    return this.tree.nodes.filter((each) => this.tree.chain(each).includes(node));
  }
}

function ownPolicy({ policies }: Node, id: string): [string, Policy | undefined] {
  return [...policies].find(([, policy]) => policy.id === id) ?? ["", undefined];
}

function isStale(policy: Policy, { expected_version }: Asked): boolean {
  return expected_version !== undefined && expected_version !== policy.version;
}
