import type { ContextScope } from "./context-signer";

/**
 * Makes the transaction a tenant's: its role, its signed context, a search path in which no temporary table
 * comes first, and row security on, which a session may have turned into an error. All of it ends with the
 * transaction. $1 is the context, $2 the search path, $3 the role. It has no rows, which somebody would have to send
 * and to read.
 */
export const CONTEXT_STATEMENT =
  "select where set_config('role', $3, true) is null or set_config('stratum.context', $1, true) is null " +
  "or set_config('search_path', $2, true) is null or set_config('row_security', 'on', true) is null";

/** Whom the transaction acts as, by what its context lets read: each has policies of its own. */
const ROLE_OF: Readonly<Record<ContextScope, string>> = {
  tenant: "stratum_tenant",
  subtree: "stratum_subtree",
};

/**
 * The role that the transaction switches to. A login that is a tenant and nothing else acts as itself, by what it
 * inherits, so that SQL which becomes the login again gains nothing; a subtree is read by its role alone.
 */
export function roleOf(reach: ContextScope, inherits: boolean): string {
  return inherits && reach === "tenant" ? "none" : ROLE_OF[reach];
}

/** What the statement is bound to. */
export type ContextValues = readonly [context: string, searchPath: string, role: string];
