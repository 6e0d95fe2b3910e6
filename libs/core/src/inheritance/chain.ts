/** One tenant of a chain, root first, with the entries it has of its own. */
export interface Level {
  readonly tenant_id: string;
  readonly slug: string;
  /** An archived ancestor takes no part; the chain's last tenant always does. */
  readonly archived: boolean;
}

/** An entry at the level that has it. */
export interface Candidate<L extends Level, Entry> {
  readonly level: L;
  readonly entry: Entry;
}

/** The levels that take part in inheritance. */
export function participants<L extends Level>(levels: readonly L[]): L[] {
  return levels.filter((level, index) => index === levels.length - 1 || !level.archived);
}

/** Every key's entries, root first; keys sorted. */
export function candidatesByKey<L extends Level, Entry>(
  levels: readonly L[],
  entriesOf: (level: L) => readonly Entry[],
  keyOf: (entry: Entry) => string,
): [key: string, candidates: Candidate<L, Entry>[]][] {
  const byKey = new Map<string, Candidate<L, Entry>[]>();
  for (const level of participants(levels)) {
    for (const entry of entriesOf(level)) {
      const candidates = byKey.get(keyOf(entry));
      if (candidates === undefined) byKey.set(keyOf(entry), [{ level, entry }]);
      else candidates.push({ level, entry });
    }
  }
  return [...byKey].sort(([a], [b]) => (a < b ? -1 : 1));
}

/** The entry that decides among one key's, root first: the uppermost locked one, else the nearest. */
export function decisive<C>(candidates: readonly C[], isLocked: (candidate: C) => boolean): C {
  return candidates.find(isLocked) ?? (candidates.at(-1) as C);
}
