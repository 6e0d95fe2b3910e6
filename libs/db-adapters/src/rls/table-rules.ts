import type { ForeignKeyFacts, IndexFacts, TableFacts } from "./table-catalogue";

/**
 * Why a table cannot hold tenants' rows: rows of two tenants could not stand beside each other, or one
 * tenant would learn of another's by a constraint that refuses them.
 *
 * @param reference tables without tenant_id that it may refer to, `name` or `schema.name`
 */
export function tableProblems(table: TableFacts, reference: readonly string[]): string[] {
  if (table.schema === "stratum") return ["schema stratum holds Stratum's own tables"];
  if (!["r", "p"].includes(table.kind))
    return ["it is no table (views show what their owner sees)"];
  if (table.is_partition) return ["it is a partition; pass the table that it is a partition of"];
  return [
    ...(table.tenant_id_type === null || table.tenant_id_type === "uuid"
      ? []
      : [`its column tenant_id is ${table.tenant_id_type} and has to be uuid`]),
    ...table.indexes.flatMap(indexProblems),
    ...table.foreign_keys.flatMap((key) => foreignKeyProblems(key, reference)),
  ];
}

/** What an id alone tells by being taken is nothing, where it is drawn from so many. */
function isLoneUuid({ is_primary, columns, types }: IndexFacts): boolean {
  return is_primary && columns.length === 1 && types[0] === "uuid";
}

function indexProblems(index: IndexFacts): string[] {
  const restricts = index.is_unique || index.is_exclusion;
  if (!restricts || index.columns.includes("tenant_id") || isLoneUuid(index)) return [];
  const kind = index.is_primary ? "primary key" : index.is_exclusion ? "exclusion" : "unique index";
  return [
    `${kind} ${index.name} does not contain tenant_id` +
      (index.is_primary ? " (a single column of type uuid would do too)" : ""),
  ];
}

function foreignKeyProblems(key: ForeignKeyFacts, reference: readonly string[]): string[] {
  const { name, schema, table, columns, refers_to_tenants } = key;
  if (schema === "stratum") return [`foreign key ${name} refers to schema stratum`];
  if (refers_to_tenants) {
    const paired = columns.some(
      ([own, referred]) => own === "tenant_id" && referred === "tenant_id",
    );
    return paired
      ? []
      : [
          `foreign key ${name} to ${table} does not pair tenant_id with tenant_id: a tenant could refer to another's row`,
        ];
  }
  if (reference.includes(table) || reference.includes(`${schema}.${table}`)) return [];
  return [
    `foreign key ${name} refers to ${table}, which has no tenant_id: enable that one first, or name it in { reference }`,
  ];
}

/** Indexes that tenants' queries will not use, since their operators or expressions might tell of rows. */
export function tableWarnings(table: TableFacts): string[] {
  return table.indexes
    .filter(({ leaks, columns }) => leaks && columns[0] !== "tenant_id")
    .map(
      ({ name }) =>
        `index ${name}: its operators are not leakproof, so row-level security does not use it. ` +
        "Put tenant_id first, and add tenant_id = $n to the query",
    );
}
