import { escapeIdentifier, type ClientBase } from "pg";
import { copyReferences, type CopyRoute } from "./copy-references";

/** Rows that travel in one statement. */
const BATCH = 1000;
/** Where rows wait on the other side. */
const ARRIVALS = "pg_temp";

/**
 * {@link copyReferences} from one database into another: the rows travel through this process, table by table,
 * into temporary tables of the target's transaction, and are merged there.
 *
 * @param source in a transaction, where all tables are to be as of one moment
 * @param target in a transaction, as a login that owns the copies
 * @returns how many rows had to change
 */
export async function sendReferences(
  source: ClientBase,
  target: ClientBase,
  references: readonly string[],
  { from, to }: CopyRoute,
): Promise<number> {
  for (const name of references) {
    const [original, copy] = [from, to].map(
      (schema) => `${escapeIdentifier(schema)}.${escapeIdentifier(name)}`,
    );
    const arrivals = `${ARRIVALS}.${escapeIdentifier(name)}`;
    await target.query(
      `create temporary table ${escapeIdentifier(name)} (like ${copy}) on commit drop`,
    );
    const { rows } = await source.query<{ json: string }>(
      `select row_to_json(r)::text as json from ${original} as r`,
    );
    for (let start = 0; start < rows.length; start += BATCH) {
      const batch = rows.slice(start, start + BATCH).map(({ json }) => json);
      await target.query(
        `insert into ${arrivals} select * from json_populate_recordset(null::${arrivals}, $1::json)`,
        [`[${batch.join(",")}]`],
      );
    }
  }
  const changed = await copyReferences(target, references, { from: ARRIVALS, to });
  for (const name of references) {
    await target.query(`drop table ${ARRIVALS}.${escapeIdentifier(name)}`);
  }
  return changed;
}
