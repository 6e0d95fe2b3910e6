import { MIGRATIONS, MIGRATIONS_TABLE, STRATUM_SCHEMA } from "@stratum-hq/migrations";
import type { Pool } from "pg";
import { DataSource, type EntitySchema, type MixedList } from "typeorm";
import { driverOver } from "./borrowed-pool";

/** A TypeORM data source over a pool that stays the caller's. */
export function createDataSource(
  pool: Pool,
  entities: MixedList<string | (new () => object) | EntitySchema>,
): DataSource {
  const dataSource = new DataSource({
    type: "postgres",
    driver: driverOver(pool),
    schema: STRATUM_SCHEMA,
    entities: entities as never,
    migrations: [...MIGRATIONS],
    migrationsTableName: MIGRATIONS_TABLE,
    migrationsTransactionMode: "none",
    installExtensions: false,
    logging: false,
  });
  // TypeORM does not know the type of webhook_events.tx; it only has to carry it.
  dataSource.driver.supportedDataTypes.push("xid8" as never);
  return dataSource;
}
