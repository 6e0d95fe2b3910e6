import type { ClientBase } from "pg";
import { DataSource, type EntityMetadata } from "typeorm";
import { pairForeignKeys } from "./paired-foreign-keys";
import type { TenantDataSource } from "./tenant-data-source";

/**
 * The statements by which TypeORM's schema builder creates tables in a schema that has none of these names: no
 * table that is there is changed or dropped, whatever differs.
 *
 * @param client whose transaction is the caller's
 * @param tables the names of those to create, without a schema
 */
export async function createStatements(
  client: ClientBase,
  schema: string,
  tables: readonly string[],
  { options: { entities, namingStrategy } }: TenantDataSource,
): Promise<string[]> {
  if (tables.length === 0) return [];
  const source = new DataSource({
    type: "postgres",
    driver: onlyConnection(client),
    schema,
    entities,
    namingStrategy,
    installExtensions: false,
    uuidExtension: "pgcrypto",
    logging: false,
  });
  await source.initialize();
  try {
    source.entityMetadatas.forEach((entity) => omitUnless(tables, entity));
    pairForeignKeys(source.entityMetadatas);
    const { upQueries } = await source.driver.createSchemaBuilder().log();
    return upQueries.map(({ query }) => query);
  } finally {
    await source.destroy();
  }
}

/** The builder creates, changes and drops for entities that are synchronised, and leaves others alone. */
function omitUnless(tables: readonly string[], entity: EntityMetadata): void {
  if (!tables.includes(entity.tableName)) entity.synchronize = false;
}

type Connected = (error: undefined, client: ClientBase, release: () => void) => void;

/** What TypeORM takes for the `pg` module, and has the caller's connection only. */
function onlyConnection(client: ClientBase) {
  return {
    Pool: class {
      on(): this {
        return this;
      }

      connect(connected: Connected): void {
        connected(undefined, client, () => undefined);
      }

      end(ended: () => void): void {
        ended();
      }
    },
  };
}
