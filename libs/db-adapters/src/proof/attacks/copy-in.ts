import type { PoolClient } from "pg";
import { CONTEXT_STATEMENT } from "../../context/context-statement";
import { borrow } from "../../placement/borrow";
import type { TenantConnections } from "../../placement/placement";
import { codeOf, isRefusal, leak, otherwise, REFUSED, type Outcome } from "./outcome";
import type { Canary } from "./stage";

/** The client had no rows to send, which the server learns only once it has let the COPY in. */
const NOTHING_SENT = "57014";

/**
 * Whether COPY lets rows in past the policies. Not by a tenant's client: a COPY that is let in waits for rows,
 * which the extended protocol has no way out of, so here the simple one ends it without any.
 */
export async function copiesIn(
  connections: TenantConnections,
  { context }: Canary,
  table: string,
): Promise<Outcome> {
  const client = await borrow(connections);
  try {
    await client.query("begin");
    await client.query(CONTEXT_STATEMENT, [context, "pg_catalog, pg_temp"]);
    return await outcomeOf(client, table);
  } finally {
    await client.query("rollback");
    client.release();
  }
}

async function outcomeOf(client: PoolClient, table: string): Promise<Outcome> {
  try {
    await client.query(`copy ${table} from stdin`);
    return leak("COPY is let in");
  } catch (error) {
    if (isRefusal(error)) return REFUSED;
    return codeOf(error) === NOTHING_SENT ? leak("COPY is let in") : otherwise(error);
  }
}
