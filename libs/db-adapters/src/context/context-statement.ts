/**
 * Makes the transaction a tenant's: its role, its signed context, a search path in which no temporary table
 * comes first, and row security on, which a session may have turned into an error. All of it ends with the
 * transaction. $1 is the context, $2 the search path.
 */
export const CONTEXT_STATEMENT =
  "select set_config('role', 'stratum_tenant', true), set_config('stratum.context', $1, true), " +
  "set_config('search_path', $2, true), set_config('row_security', 'on', true)";

/** What the statement is bound to. */
export type ContextValues = readonly [context: string, searchPath: string];
