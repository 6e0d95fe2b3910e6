import { TenantTableInvalidError } from "@stratum-hq/core";
import type { EntityMetadata } from "typeorm";
import { nameProblems } from "../tables/table-declaration";

/**
 * Refuses entities whose table could only ever be in one place, or has a name that is not free. What their constraints have to be, `enableRls`
 * checks on the table itself.
 *
 * @throws TenantTableInvalidError
 */
export function requireMovable({ tableName, schema, database, tableType }: EntityMetadata): void {
  const problems = [
    ...nameProblems(tableName),
    ...(schema === undefined ? [] : [`its entity names schema ${schema}, and tenants have theirs`]),
    ...(database === undefined ? [] : [`its entity names database ${database}`]),
    ...(tableType === "view" ? ["it is no table (views show what their owner sees)"] : []),
  ];
  if (problems.length > 0) throw new TenantTableInvalidError(tableName, problems);
}
