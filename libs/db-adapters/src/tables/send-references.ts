import { escapeIdentifier, escapeLiteral, type ClientBase } from "pg";
import { copyReferences, type CopyRoute } from "./copy-references";
import { ownRows } from "../pg/column-types";

/** Rows that travel in one statement. */
const BATCH = 1000;
/** Where rows wait on the other side. */
const ARRIVALS = "pg_temp";

/**
 * {@link copyReferences} from one database into another: the rows travel through this process, table by table,
 * into temporary tables of the target's transaction, and are merged there.
 *
 * @param target in a transaction, as a login that owns the copies
 * @returns how many rows had to change
 */
export async function sendReferences(
  source: ClientBase,
  target: ClientBase,
  references: readonly string[],
  { from, to }: CopyRoute,
): Promise<number> {
  if (references.length === 0) return 0;
  for (const name of references) {
    const table = escapeIdentifier(name);
    await target.query(
      `create temporary table ${table} (like ${escapeIdentifier(to)}.${table}) on commit drop`,
    );
  }
  for (const [name, rows] of await originals(source, references, from)) {
    const arrivals = `${ARRIVALS}.${escapeIdentifier(name)}`;
    for (let start = 0; start < rows.length; start += BATCH) {
      await target.query(
        `insert into ${arrivals} select * from json_populate_recordset(null::${arrivals}, $1::json)`,
        [`[${rows.slice(start, start + BATCH).join(",")}]`],
      );
    }
  }
  const changed = await copyReferences(target, references, { from: ARRIVALS, to });
  for (const name of references) {
    await target.query(`drop table ${ARRIVALS}.${escapeIdentifier(name)}`);
  }
  return changed;
}

/** The rows of all tables, as of one moment, as objects of JSON. */
async function originals(
  source: ClientBase,
  references: readonly string[],
  schema: string,
): Promise<Map<string, string[]>> {
  const each = references.map(
    (name) =>
      `select ${escapeLiteral(name)} as name, row_to_json(r.*)::text as json
       from ${escapeIdentifier(schema)}.${escapeIdentifier(name)} as r`,
  );
  const rows = await ownRows<{ name: string; json: string }>(source, each.join(" union all "));
  const found = new Map<string, string[]>(references.map((name) => [name, []]));
  for (const { name, json } of rows) found.get(name)?.push(json);
  return found;
}
