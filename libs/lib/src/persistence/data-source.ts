import { MIGRATIONS_TABLE, STRATUM_SCHEMA, type MigrationSet } from "@stratum-hq/migrations";
import { DataSource, type EntitySchema, type Logger, type MixedList } from "typeorm";
import type { BorrowedDriver } from "./borrowed-pool";

/** Failures reach the caller as errors; TypeORM would print some of them too, whatever `logging` says. */
const SILENT: Logger = {
  log: () => undefined,
  logMigration: () => undefined,
  logQuery: () => undefined,
  logQueryError: () => undefined,
  logQuerySlow: () => undefined,
  logSchemaBuild: () => undefined,
};

/** A TypeORM data source over a pool, or a single connection, that stays the caller's. */
export function createDataSource(
  driver: BorrowedDriver,
  entities: MixedList<string | (new () => object) | EntitySchema>,
  migrations: MigrationSet["migrations"] = [],
): DataSource {
  const dataSource = new DataSource({
    type: "postgres",
    driver,
    schema: STRATUM_SCHEMA,
    entities: entities as never,
    migrations: [...migrations],
    migrationsTableName: MIGRATIONS_TABLE,
    migrationsTransactionMode: "none",
    installExtensions: false,
    logger: SILENT,
  });
  // TypeORM does not know the type of webhook_events.tx; it only has to carry it.
  dataSource.driver.supportedDataTypes.push("xid8" as never);
  return dataSource;
}
