import { SHARED_SCHEMA } from "./storage-names";

/** A table that `enableRls` has made hold tenants' rows, as PostgreSQL's catalogue has it. */
export interface StoredTable {
  readonly schema: string;
  readonly name: string;
  /** The columns of its primary key; none where it has none. */
  readonly key: readonly string[];
  /** Tables that it refers to, `schema.name`, itself where rows of it refer to others. */
  readonly refers_to: readonly string[];
  readonly is_partitioned: boolean;
}

export function pathOf({ schema, name }: StoredTable): string {
  return `${schema}.${name}`;
}

/**
 * What exports and certificates call a table's rows: `tables.<name>`, the same for all placements, and
 * `tables.<schema>.<name>` where the host keeps it elsewhere.
 *
 * @param own the schema of the tenant's own, if any
 */
export function partOf(table: StoredTable, own: string = SHARED_SCHEMA): string {
  const { schema, name } = table;
  return [SHARED_SCHEMA, own].includes(schema) ? `tables.${name}` : `tables.${schema}.${name}`;
}

/** Tables whose rows go by one name, by it. */
export function byPart(
  tables: readonly StoredTable[],
  own: string | undefined,
): Map<string, StoredTable[]> {
  const parts = new Map<string, StoredTable[]>();
  for (const table of tables) {
    const part = partOf(table, own);
    parts.set(part, [...(parts.get(part) ?? []), table]);
  }
  return parts;
}

/** The tables, each after those that it refers to; where some refer to each other, as far as that goes. */
export function inOrder(tables: readonly StoredTable[]): StoredTable[] {
  return groupsInOrder(tables).flat();
}

/**
 * The tables in groups, each after those that its tables refer to: a group has one table, or those that refer to each
 * other in a circle (Tarjan's strongly connected components).
 */
export function groupsInOrder(tables: readonly StoredTable[]): StoredTable[][] {
  const byPath = new Map(tables.map((table) => [pathOf(table), table]));
  const places = new Map<StoredTable, number>();
  const open: StoredTable[] = [];
  const groups: StoredTable[][] = [];
  const visit = (table: StoredTable): number => {
    const own = places.size;
    places.set(table, own);
    open.push(table);
    let lowest = own;
    for (const path of table.refers_to) {
      const referred = byPath.get(path);
      if (referred === undefined) continue;
      const place = places.get(referred);
      if (place === undefined) lowest = Math.min(lowest, visit(referred));
      else if (open.includes(referred)) lowest = Math.min(lowest, place);
    }
    if (lowest === own) groups.push(open.splice(open.indexOf(table)));
    return lowest;
  };
  for (const table of tables) if (!places.has(table)) visit(table);
  return groups;
}
