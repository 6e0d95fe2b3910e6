import { type EntityMetadata } from "typeorm";
import type { ColumnMetadata } from "typeorm/metadata/ColumnMetadata.js";
import type { ForeignKeyMetadata } from "typeorm/metadata/ForeignKeyMetadata.js";
import { UniqueMetadata } from "typeorm/metadata/UniqueMetadata.js";

/**
 * Makes each foreign key between two entities with a {@link TenantIdColumn} one of (tenant_id, x), so that
 * neither a reference nor a CASCADE reaches another tenant's rows, and the columns that it refers to unique.
 * For metadata that tables are created from, and no entity is read or written by.
 */
export function pairForeignKeys(entities: readonly EntityMetadata[]): void {
  for (const key of entities.flatMap(({ foreignKeys }) => foreignKeys)) {
    const own = tenantIdOf(key.entityMetadata);
    const referred = tenantIdOf(key.referencedEntityMetadata);
    if (own === undefined || referred === undefined) continue;
    if (!key.columns.includes(own)) pair(key, own, referred);
    requireUnique(key.referencedEntityMetadata, key.referencedColumns);
  }
}

function tenantIdOf(entity: EntityMetadata): ColumnMetadata | undefined {
  return entity.findColumnWithDatabaseName("tenant_id");
}

function pair(key: ForeignKeyMetadata, own: ColumnMetadata, referred: ColumnMetadata): void {
  // SET NULL would take the tenant away too.
  if (key.onDelete === "SET NULL") {
    const columns = key.columnNames.map((name) => `"${name}"`).join(", ");
    key.onDelete = `SET NULL (${columns})` as "SET NULL";
  }
  key.columns.unshift(own);
  key.columnNames.unshift(own.databaseName);
  key.referencedColumns.unshift(referred);
  key.referencedColumnNames.unshift(referred.databaseName);
}

/** PostgreSQL refers to what a unique constraint says, of exactly these columns. */
function requireUnique(entity: EntityMetadata, columns: readonly ColumnMetadata[]): void {
  const { primaryColumns, uniques, dataSource } = entity;
  const constraints = [primaryColumns, ...uniques.map((unique) => unique.columns)];
  if (constraints.some((constraint) => isSame(constraint, columns))) return;
  const unique = new UniqueMetadata({ entityMetadata: entity, columns: [...columns] });
  unique.name = dataSource.namingStrategy.uniqueConstraintName(
    entity.tableName,
    columns.map(({ databaseName }) => databaseName),
  );
  uniques.push(unique);
}

function isSame(some: readonly ColumnMetadata[], others: readonly ColumnMetadata[]): boolean {
  return some.length === others.length && others.every((column) => some.includes(column));
}
