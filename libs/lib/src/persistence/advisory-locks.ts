/**
 * Classes of advisory locks: the first of PostgreSQL's two keys, so that a host application's own
 * locks never meet ours. Every transaction takes them in this order, and in the order of the second
 * key within a class, so that none waits in a circle.
 */
export const TREE_LOCK = 1_937_011_201;
export const KEY_LOCK = 1_937_011_202;
export const NAME_LOCK = 1_937_011_203;
export const ENTRIES_LOCK = 1_937_011_204;
export const LIMIT_LOCK = 1_937_011_205;
export const OPERATION_LOCK = 1_937_011_206;
export const OPERATION_TURN_LOCK = 1_937_011_207;
export const REGION_LOCK = 1_937_011_208;
export const TENANT_TABLES_LOCK = 1_937_011_211;
export const CONTEXT_KEY_LOCK = 1_937_011_216;

/** Locks of one class that a transaction holds at most: each takes a slot of a server-wide table. */
export const KEY_LOCK_SLOTS = 64;
export const NAME_LOCK_SLOTS = 256;

/** A 32-bit hash of a text (FNV-1a), signed as PostgreSQL's integers are. */
export function lockKeyOf(text: string): number {
  let hash = 0x811c9dc5;
  for (let index = 0; index < text.length; index += 1) {
    hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193);
  }
  return hash | 0;
}

/** Distinct slots for some texts, in locking order. */
export function lockSlots(texts: Iterable<string>, slots: number): number[] {
  const found = new Set<number>();
  for (const text of texts) found.add((lockKeyOf(text) >>> 0) % slots);
  return [...found].sort((a, b) => a - b);
}
