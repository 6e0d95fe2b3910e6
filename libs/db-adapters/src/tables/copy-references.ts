import { escapeIdentifier, type ClientBase } from "pg";
import { ownRows } from "../pg/column-types";

interface ReferenceColumns {
  readonly columns: readonly string[];
  readonly key: readonly string[];
}

const COLUMNS = `
  select coalesce(json_agg(a.attname order by a.attnum) filter (where a.attgenerated = ''), '[]') as columns,
    coalesce(json_agg(a.attname order by a.attnum) filter (where exists (
      select from pg_index i where i.indrelid = a.attrelid and i.indisprimary
        and a.attnum = any(i.indkey::int2[]))), '[]') as key
  from pg_attribute a
  where a.attrelid = (select c.oid from pg_class c join pg_namespace n on n.oid = c.relnamespace
                      where n.nspname = $1 and c.relname = $2)
    and a.attnum > 0 and not a.attisdropped`;

/** Between which schemas of a database rows are copied. */
export interface CopyRoute {
  readonly from: string;
  readonly to: string;
}

/**
 * Makes the reference tables of a schema hold what those of another do: rows that are new or other are
 * written, those that are gone are deleted. In the client's transaction, as a login that owns the copies.
 *
 * @param references their names
 * @returns how many rows had to change; a row that is gone and that a tenant's row still refers to is
 *   PostgreSQL's error 23503
 */
export async function copyReferences(
  client: ClientBase,
  references: readonly string[],
  { from, to }: CopyRoute,
): Promise<number> {
  if (references.length === 0) return 0;
  const changes: string[] = [];
  for (const name of references) {
    const rows = await ownRows<ReferenceColumns>(client, COLUMNS, [to, name]);
    const [source, copy] = [qualified(from, name), qualified(to, name)];
    const columns = rows[0] as ReferenceColumns;
    changes.push(upsert(source, copy, columns), deletion(source, copy, columns));
  }
  // One statement sees all originals as of one moment, and foreign keys are looked at when it ends.
  const named = changes.map((text, n) => `c${n} as (${text} returning 1)`).join(", ");
  const total = changes.map((_, n) => `(select count(*) from c${n})`).join(" + ");
  const rows = await ownRows<{ n: number }>(client, `with ${named} select (${total})::int as n`);
  return rows[0]?.n ?? 0;
}

function qualified(schema: string, name: string): string {
  return `${escapeIdentifier(schema)}.${escapeIdentifier(name)}`;
}

function list(columns: readonly string[], alias?: string): string {
  return columns
    .map((column) => `${alias === undefined ? "" : `${alias}.`}${escapeIdentifier(column)}`)
    .join(", ");
}

function upsert(source: string, copy: string, { columns, key }: ReferenceColumns): string {
  const others = columns.filter((column) => !key.includes(column));
  // Not all types can be compared, but all can be written as text.
  const update = `do update set (${list(others)}) = row (${list(others, "excluded")})
    where row (${list(others, "c")})::text is distinct from row (${list(others, "excluded")})::text`;
  return `insert into ${copy} as c (${list(columns)}) overriding system value
    select ${list(columns)} from ${source}
    on conflict (${list(key)}) ${others.length === 0 ? "do nothing" : update}`;
}

function deletion(source: string, copy: string, { key }: ReferenceColumns): string {
  return `delete from ${copy} as c where not exists (
    select from ${source} as s where (${list(key, "s")}) = (${list(key, "c")}))`;
}
