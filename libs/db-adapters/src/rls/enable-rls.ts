import { TenantTableInvalidError, ValidationError } from "@stratum-hq/core";
import { escapeIdentifier, type ClientBase } from "pg";
import { inTransaction } from "./in-transaction";
import { tableFacts, type TableFacts } from "./table-catalogue";
import { qualified, rlsStatements, unforced } from "./table-ddl";
import { tableProblems, tableWarnings } from "./table-rules";

/** How a table becomes one of tenants' rows. */
export interface EnableRlsOptions {
  /** The tenant that rows belong to which say none. A table with such rows is refused without it. */
  readonly backfill?: string;
  /** Tables without tenant_id that it may refer to, the same for all tenants: `name` or `schema.name`. */
  readonly reference?: readonly string[];
}

/** What was done. */
export interface EnabledRls {
  readonly statements: readonly string[];
  /** Indexes that tenants' queries will not use. */
  readonly warnings: readonly string[];
}

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/**
 * Makes a table hold tenants' rows, each visible to its own tenant alone: column `tenant_id`, an index that
 * it leads, policies for reading and writing, FORCE, and the grants. In the client's transaction, or in one of
 * its own; run again, it changes nothing. The client's login owns the table.
 *
 * @param table `name` in schema public, or `schema.name`
 * @throws TenantTableInvalidError for a table that could not hold two tenants' rows, or move between
 *   placements; ValidationError
 */
export async function enableRls(
  client: ClientBase,
  table: string,
  options: EnableRlsOptions = {},
): Promise<EnabledRls> {
  const { backfill, reference = [] } = options;
  if (backfill !== undefined && !UUID.test(backfill)) {
    throw new ValidationError("options", [{ path: "backfill", message: "a tenant's id" }]);
  }
  return inTransaction(client, async () => {
    const facts = await lockedFacts(client, table);
    const problems = tableProblems(facts, reference);
    if (problems.length > 0) throw new TenantTableInvalidError(table, problems);
    if (backfill === undefined) await requireTenantsOfRows(client, facts, table);
    const statements = rlsStatements(facts, backfill);
    for (const statement of statements) await client.query(statement);
    return { statements, warnings: tableWarnings(facts) };
  });
}

/** The facts of the table, which nobody changes until the transaction ends. */
async function lockedFacts(client: ClientBase, table: string): Promise<TableFacts> {
  const [schema, name] = table.includes(".") ? table.split(".", 2) : ["public", table];
  const find = () => tableFacts(client, schema ?? "", name ?? "");
  const found = await find();
  if (found === undefined) throw new TenantTableInvalidError(table, ["there is no such table"]);
  if (["r", "p"].includes(found.kind)) {
    await client.query(`lock table ${qualified(found)} in access exclusive mode`);
  }
  return (await find()) ?? found;
}

async function requireTenantsOfRows(
  client: ClientBase,
  facts: TableFacts,
  table: string,
): Promise<void> {
  const condition =
    facts.tenant_id_type === null ? "" : `where ${escapeIdentifier("tenant_id")} is null`;
  if (facts.is_forced) await client.query(unforced(facts));
  const { rowCount } = await client.query(`select from ${qualified(facts)} ${condition} limit 1`);
  if (facts.is_forced) {
    await client.query(`alter table ${qualified(facts)} force row level security`);
  }
  if (rowCount === 0) return;
  throw new TenantTableInvalidError(table, [
    "it has rows of no tenant: pass { backfill } with the id of the tenant that they belong to",
  ]);
}
