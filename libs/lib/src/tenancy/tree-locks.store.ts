import { Injectable } from "@nestjs/common";
import {
  KEY_LOCK,
  KEY_LOCK_SLOTS,
  ENTRIES_LOCK,
  lockKeyOf,
  lockSlots,
  NAME_LOCK,
  NAME_LOCK_SLOTS,
  TREE_LOCK,
} from "../persistence/advisory-locks";
import { TransactionRestart, type Transaction } from "../persistence/transaction";

/** What a transaction is about to touch. */
export interface LockRequest {
  /** Tenants whose trees are locked. Unknown ids are ignored. */
  readonly tenants: readonly string[];
  /** Whether the order of the roots is locked too, as if they were the children of one more tree. */
  readonly roots?: boolean;
  /** Exclusive to change the shape or status of a tree, shared for everything else in it. */
  readonly tree: "shared" | "exclusive";
  /**
   * Keys (of configuration, permissions, policies) written in those trees; exclusive to change what
   * the tenants below may do with them.
   */
  readonly keys?: { readonly of: readonly string[]; readonly mode: "shared" | "exclusive" };
  /** The tenant whose own entries are about to be written, one transaction after the other. */
  readonly entriesOf?: string;
  /** Names about to be taken or given up: see slug.ts. */
  readonly names?: Iterable<string>;
}

/** The tree of each tenant, as it was before its lock was granted: label of the root by tenant id. */
export type HeldTrees = Readonly<Record<string, string>>;

function lockFunction(mode: "shared" | "exclusive"): string {
  return mode === "shared" ? "pg_advisory_xact_lock_shared" : "pg_advisory_xact_lock";
}

/**
 * Advisory locks on trees, keyed by root. Locks come first; what they protect is read by a later
 * statement, since the statement that waits for a lock sees what was there before it waited.
 */
@Injectable()
export class TreeLocksStore {
  /**
   * Takes all locks of a transaction in one statement. Each CTE asks for the one before it, so that
   * trees come before keys, keys before names and names before entries, each kind in the order of its lock keys.
   * Sends none where there is nothing to lock.
   */
  async lock(tx: Transaction, request: LockRequest): Promise<HeldTrees> {
    const { tenants, roots = false, keys, names = [] } = request;
    const nameSlots = lockSlots(names, NAME_LOCK_SLOTS);
    const entries = request.entriesOf === undefined ? [] : [lockKeyOf(request.entriesOf)];
    if (tenants.length + nameSlots.length + entries.length === 0 && !roots) return {};
    const rows = await tx.query<{ roots: HeldTrees }>(
      `with target as materialized (
         select id, substr(path::text, 1, 32) as root,
                ('x' || substr(path::text, 25, 8))::bit(32)::int as tree
         from stratum.tenants where id = any($1::uuid[])),
       trees as materialized (
         select count(${lockFunction(request.tree)}(${TREE_LOCK}, tree)) as held
         from (select tree from target union select 0 where $4 order by tree offset 0) as t),
       keys as materialized (
         select count(${lockFunction(keys?.mode ?? "shared")}(${KEY_LOCK}, slot)) as held
         from (select distinct (hash # tree) & ${KEY_LOCK_SLOTS - 1} as slot
               from target, unnest($2::int[]) as hash order by slot offset 0) as k
         where (select held from trees) is not null),
       names as materialized (
         select count(pg_advisory_xact_lock(${NAME_LOCK}, slot)) as held
         from unnest($3::int[]) as slot where (select held from keys) is not null),
       entries as materialized (
         select count(pg_advisory_xact_lock(${ENTRIES_LOCK}, tenant)) as held
         from unnest($5::int[]) as tenant where (select held from names) is not null)
       select coalesce((select json_object_agg(id, root) from target), '{}') as roots from entries`,
      [tenants, (keys?.of ?? []).map(lockKeyOf), nameSlots, roots, entries],
    );
    return rows[0]?.roots ?? {};
  }
}

/** Starts over when a tenant was moved to another tree while its former tree's lock was awaited. */
export function requireSameTree(held: HeldTrees, tenant: { id: string; path: string }): void {
  if (held[tenant.id] !== tenant.path.slice(0, 32)) {
    throw new TransactionRestart(`tenant ${tenant.id} is in another tree now`);
  }
}
