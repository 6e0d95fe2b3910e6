import type { PermissionMode, RevocationMode } from "@stratum-hq/lib";

type Status = "active" | "suspended" | "archived";

interface Entry {
  value: number;
  locked: boolean;
}

/** A tenant's own policy. */
export interface Policy {
  id: string;
  value: number;
  mode: PermissionMode;
  revocation_mode: RevocationMode;
  version: number;
}

export interface Node {
  readonly id: string;
  parent: Node | null;
  status: Status;
  /** The operations by which it was suspended and archived. */
  suspension: number | null;
  archival: number | null;
  readonly entries: Map<string, Entry>;
  readonly policies: Map<string, Policy>;
  readonly bans: Set<string>;
}

/** What a tenant resolves to, key by key. */
export type Resolved = Record<string, { value: number; source: string; locked: boolean }>;

export const STATE_CODE = {
  suspended: "TENANT_SUSPENDED",
  archived: "TENANT_ARCHIVED",
  active: "ok",
};

/**
 * Semantics' tree and configuration (permissions: naive-permissions.ts), as plainly as they can be written: objects in memory, loops over
 * all of them, nothing clever. Each operation answers the code that Stratum is to answer.
 */
export class NaiveTree {
  readonly nodes: Node[] = [];
  private operation = 0;

  /** Says what a creation is to answer; {@link add} follows where that is "ok". */
  create(parent: Node | null): string {
    return parent === null ? "ok" : STATE_CODE[parent.status];
  }

  add(id: string, parent: Node | null): Node {
    const node: Node = {
      id,
      parent,
      status: "active",
      suspension: null,
      archival: null,
      entries: new Map(),
      policies: new Map(),
      bans: new Set(),
    };
    this.nodes.push(node);
    return node;
  }

  move(node: Node, parent: Node | null): string {
    if (node.status !== "active") return STATE_CODE[node.status];
    if (parent !== null && parent.status !== "active") return STATE_CODE[parent.status];
    if (parent !== null && this.chain(parent).includes(node)) return "TENANT_CYCLE_DETECTED";
    node.parent = parent;
    return "ok";
  }

  suspend(node: Node, subtree: boolean): string {
    return this.shut(node, subtree, ["active"], (each, operation) => {
      each.status = "suspended";
      each.suspension = operation;
    });
  }

  archive(node: Node, subtree: boolean): string {
    return this.shut(node, subtree, ["active", "suspended"], (each, operation) => {
      each.status = "archived";
      each.archival = operation;
    });
  }

  resume(node: Node, subtree: boolean): string {
    if (node.status === "active") return "INVALID_TENANT_STATE";
    if (node.parent !== null && node.parent.status !== "active")
      return STATE_CODE[node.parent.status];
    const { status, suspension, archival } = node;
    node.status = "active";
    node.suspension = null;
    node.archival = null;
    if (subtree) {
      const same = (each: Node): boolean =>
        each.status === status &&
        (status === "archived" ? each.archival === archival : each.suspension === suspension);
      for (const child of this.children(node)) this.restore(child, same);
    }
    return "ok";
  }

  set(node: Node, key: string, value: number, locked: boolean | undefined): string {
    if (node.status !== "active") return STATE_CODE[node.status];
    if (this.isLockedAbove(node, key)) return "CONFIG_LOCKED";
    node.entries.set(key, { value, locked: locked ?? node.entries.get(key)?.locked ?? false });
    return "ok";
  }

  delete(node: Node, key: string): string {
    if (node.status !== "active") return STATE_CODE[node.status];
    return node.entries.delete(key) ? "ok" : "CONFIG_NOT_FOUND";
  }

  /** From the root to the node. */
  chain(node: Node): Node[] {
    return node.parent === null ? [node] : [...this.chain(node.parent), node];
  }

  resolve(node: Node): Resolved {
    const resolved: Resolved = {};
    for (const level of this.chain(node)) {
      if (level !== node && level.status === "archived") continue;
      for (const [key, { value, locked }] of level.entries) {
        if (resolved[key]?.locked !== true) resolved[key] = { value, source: level.id, locked };
      }
    }
    return resolved;
  }

  private restore(node: Node, same: (node: Node) => boolean): void {
    const outcome: Status = !same(node)
      ? node.status
      : node.status === "archived" && node.suspension !== null
        ? "suspended"
        : "active";
    const parentIsActive = node.parent?.status === "active";
    if (same(node) && (outcome === "suspended" || parentIsActive)) {
      node.archival = null;
      if (outcome === "active") node.suspension = null;
      // Judged before the status changes: the children compare with what it was.
      node.status = outcome;
    }
    for (const child of this.children(node)) this.restore(child, same);
  }

  private shut(
    node: Node,
    subtree: boolean,
    from: readonly Status[],
    apply: (node: Node, operation: number) => void,
  ): string {
    if (!from.includes(node.status)) return "INVALID_TENANT_STATE";
    const hasActiveChildren = this.children(node).some(({ status }) => status === "active");
    if (hasActiveChildren && !subtree) return "TENANT_HAS_CHILDREN";
    this.operation += 1;
    const taken = subtree ? this.nodes.filter((each) => this.chain(each).includes(node)) : [node];
    for (const each of taken) if (from.includes(each.status)) apply(each, this.operation);
    return "ok";
  }

  private children(node: Node): Node[] {
    return this.nodes.filter(({ parent }) => parent === node);
  }

  private isLockedAbove(node: Node, key: string): boolean {
    return this.chain(node).some(
      (above) =>
        above !== node && above.status !== "archived" && above.entries.get(key)?.locked === true,
    );
  }
}
