import type { ClientBase } from "pg";
import type { EntityMetadata } from "typeorm";
import { enableRls } from "../rls/enable-rls";
import type { TenantTables } from "../tables/tenant-tables";
import { createStatements } from "./entity-ddl";
import type { TenantDataSource, TenantDataSourceOptions } from "./tenant-data-source";

/** The tables of a data source's entities, as TypeORM would create them, for any schema of any database. */
export class EntityTables implements TenantTables {
  readonly names: readonly string[];
  readonly #options: TenantDataSourceOptions;

  /** @param source initialised */
  constructor(source: TenantDataSource) {
    this.#options = source.options;
    this.names = tablesInOrder(source.entityMetadatas);
  }

  /** @throws TenantTableInvalidError for an entity whose table could not hold two tenants' rows */
  async create(client: ClientBase, schema: string): Promise<void> {
    const missing = await missingTables(client, schema, this.names);
    if (missing.length === 0) return;
    for (const statement of await createStatements(client, schema, missing, this.#options)) {
      await client.query(statement);
    }
    for (const name of missing) await enableRls(client, `${schema}.${name}`);
  }
}

/** The names of tables, each after those that its foreign keys refer to. */
function tablesInOrder(entities: readonly EntityMetadata[]): string[] {
  const names = new Set<string>();
  const visit = (entity: EntityMetadata, path: ReadonlySet<EntityMetadata>): void => {
    if (names.has(entity.tableName) || path.has(entity)) return;
    const deeper = new Set(path).add(entity);
    for (const { referencedEntityMetadata } of entity.foreignKeys) {
      visit(referencedEntityMetadata, deeper);
    }
    names.add(entity.tableName);
  };
  for (const entity of entities) visit(entity, new Set());
  return [...names];
}

async function missingTables(
  client: ClientBase,
  schema: string,
  names: readonly string[],
): Promise<string[]> {
  const { rows } = await client.query<{ name: string }>(
    "select c.relname as name from pg_class c join pg_namespace n on n.oid = c.relnamespace where n.nspname = $1",
    [schema],
  );
  const present = new Set(rows.map(({ name }) => name));
  return names.filter((name) => !present.has(name));
}
