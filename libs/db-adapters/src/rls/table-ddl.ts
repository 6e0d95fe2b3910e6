import { escapeIdentifier, escapeLiteral } from "pg";
import type { TableFacts } from "./table-catalogue";

const OWN_ROWS = "tenant_id = (select stratum.current_tenant_id())";
/** Not EXISTS, for which the planner would read the whole subtree first, also for a page of rows. */
const READABLE_ROWS =
  "tenant_id = (select readable.id from stratum.readable_tenants as readable where readable.id = tenant_id)";

/** The table's name as SQL. */
export function qualified({ schema, name }: Pick<TableFacts, "schema" | "name">): string {
  return `${escapeIdentifier(schema)}.${escapeIdentifier(name)}`;
}

/** Lets the owner see all rows, until the table is forced again: policies of the host's may hide some. */
export function unforced(table: Pick<TableFacts, "schema" | "name">): string {
  return `alter table ${qualified(table)} no force row level security`;
}

/** The roles that the statements of tenants, of roll-ups where there is a tree, and of maintenance run as. */
export function dataRoles({ has_tree }: Pick<TableFacts, "has_tree">): string {
  return ["stratum_tenant", ...(has_tree ? ["stratum_subtree"] : []), "stratum_maintenance"].join(
    ", ",
  );
}

/**
 * The column, in steps that a table with rows survives: with the default at once, PostgreSQL would ask for
 * the tenant of the migration.
 */
function columnStatements(table: TableFacts, backfill: string | undefined): string[] {
  const name = qualified(table);
  const fill = `update ${name} set tenant_id = ${escapeLiteral(backfill ?? "")} where tenant_id is null`;
  return [
    ...(table.tenant_id_type === null ? [`alter table ${name} add column tenant_id uuid`] : []),
    ...(backfill === undefined ? [] : [...(table.is_forced ? [unforced(table)] : []), fill]),
    `alter table ${name} alter column tenant_id set not null, ` +
      "alter column tenant_id set default stratum.current_tenant_id()",
  ];
}

/**
 * Restrictive for the tenants' role, so that no policy of the host's opens what this one closes; permissive,
 * since PostgreSQL wants one that lets rows in at all; and one for migrations, which FORCE would stop. Who
 * reads a subtree is another role: with both conditions in one policy, no index would order a tenant's rows.
 */
function policyStatements(name: string, hasTree: boolean): string[] {
  const subtree = "to stratum_subtree";
  const policies = {
    stratum_isolation: `as restrictive to stratum_tenant using (${OWN_ROWS}) with check (${OWN_ROWS})`,
    stratum_access: "as permissive to stratum_tenant using (true) with check (true)",
    ...(hasTree && {
      stratum_subtree_select: `as restrictive for select ${subtree} using (${READABLE_ROWS})`,
      stratum_subtree_insert: `as restrictive for insert ${subtree} with check (${OWN_ROWS})`,
      stratum_subtree_update: `as restrictive for update ${subtree} using (${OWN_ROWS}) with check (${OWN_ROWS})`,
      stratum_subtree_delete: `as restrictive for delete ${subtree} using (${OWN_ROWS})`,
      stratum_subtree_access: `as permissive ${subtree} using (true) with check (true)`,
    }),
    stratum_maintenance: "as permissive to stratum_maintenance using (true) with check (true)",
  };
  return [
    `alter table ${name} enable row level security, force row level security`,
    ...Object.entries(policies).flatMap(([policy, definition]) => [
      `drop policy if exists ${policy} on ${name}`,
      `create policy ${policy} on ${name} ${definition}`,
    ]),
  ];
}

/** TRUNCATE, and a foreign key or a trigger of one's own, would get round the policies. */
function grantStatements(table: TableFacts): string[] {
  const name = qualified(table);
  const roles = dataRoles(table);
  return [
    `grant usage on schema ${escapeIdentifier(table.schema)} to ${roles}`,
    `revoke truncate, references, trigger on ${name} from public`,
    `revoke all on ${name} from ${roles}`,
    `grant select, insert, update, delete on ${name} to ${roles}`,
    ...table.sequences.map((sequence) => `grant usage on sequence ${sequence} to ${roles}`),
  ];
}

/** The statements after which a table holds tenants' rows; run again, they change nothing. */
export function rlsStatements(table: TableFacts, backfill: string | undefined): string[] {
  const name = qualified(table);
  const isLed = table.indexes.some(
    ({ is_valid, columns }) => is_valid && columns[0] === "tenant_id",
  );
  return [
    ...columnStatements(table, backfill),
    ...(isLed ? [] : [`create index on ${name} (tenant_id)`]),
    ...policyStatements(name, table.has_tree),
    ...grantStatements(table),
  ];
}
