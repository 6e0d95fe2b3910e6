import { TenantTableInvalidError } from "@stratum-hq/core";
import { escapeIdentifier, type ClientBase } from "pg";
import { tableFacts, type TableFacts } from "../rls/table-catalogue";
import { dataRoles, qualified } from "../rls/table-ddl";

/**
 * Makes a table one that tenants read and only the host's own login writes: every placement has a copy.
 *
 * @param references tables without tenant_id that it may refer to
 * @throws TenantTableInvalidError for a table that could not be copied
 */
export async function makeReference(
  client: ClientBase,
  schema: string,
  name: string,
  references: readonly string[],
): Promise<void> {
  const facts = (await tableFacts(client, schema, name)) as TableFacts;
  const problems = referenceProblems(facts, references);
  if (problems.length > 0) throw new TenantTableInvalidError(name, problems);
  const table = qualified(facts);
  const readers = dataRoles(facts);
  await client.query(`grant usage on schema ${escapeIdentifier(schema)} to ${readers}`);
  await client.query(`revoke all on ${table} from public, ${readers}`);
  await client.query(`grant select on ${table} to ${readers}`);
}

/** Why a table cannot be copied from one placement to another, row by row. */
function referenceProblems(table: TableFacts, references: readonly string[]): string[] {
  const strays = table.foreign_keys.filter(
    (key) => key.schema !== table.schema || !references.includes(key.table),
  );
  return [
    ...(table.tenant_id_type === null ? [] : ["it is declared reference and has a tenant_id"]),
    ...(table.indexes.some(({ is_primary }) => is_primary)
      ? []
      : ["a reference table needs a primary key, by which its copies are kept up to date"]),
    ...strays.map(
      (key) => `foreign key ${key.name} refers to ${key.table}, which is not declared reference`,
    ),
  ];
}
