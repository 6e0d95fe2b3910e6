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
  // Where the key referred to has tenant_id, TypeORM gives the reference a second column for it.
  const at = key.referencedColumns.indexOf(referred);
  const replaced = at < 0 ? 0 : 1;
  const place = Math.max(at, 0);
  // Arrays of their own: TypeORM's are those of primary keys and relations too.
  key.columns = key.columns.toSpliced(place, replaced, own);
  key.columnNames = key.columnNames.toSpliced(place, replaced, own.databaseName);
  key.referencedColumns = key.referencedColumns.toSpliced(place, replaced, referred);
  key.referencedColumnNames = key.referencedColumnNames.toSpliced(
    place,
    replaced,
    referred.databaseName,
  );
  // SET NULL would take the tenant away too.
  if (key.onDelete === "SET NULL") {
    const columns = key.columns.filter((column) => column !== own);
    const names = columns.map(({ databaseName }) => `"${databaseName}"`).join(", ");
    key.onDelete = `SET NULL (${names})` as "SET NULL";
  }
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
