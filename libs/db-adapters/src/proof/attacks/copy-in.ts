import type { PoolClient } from "pg";
import { ownRows } from "../../pg/column-types";
import { borrow } from "../../placement/borrow";
import type { TenantConnections } from "../../placement/placement";
import { codeOf, isRefusal, leak, otherwise, REFUSED, type Outcome } from "./outcome";
import type { Canary } from "./stage";

const CONTEXT =
  "select set_config('role', 'stratum_tenant', true), set_config('stratum.context', $1, true)";

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
    await ownRows(client, CONTEXT, [context]);
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
