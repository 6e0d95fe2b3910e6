import { SchemaChangeForbiddenError } from "@stratum-hq/core";
import { DataSource, type DataSourceOptions, type EntityManager } from "typeorm";
import type { PostgresDriver } from "typeorm/driver/postgres/PostgresDriver.js";
import type { TenantClient } from "../pg/tenant-client";
import type { TransactionOptions } from "../pg/transaction-options";
import { tenantConnections } from "./tenant-connections";
import { requireMovable } from "./entity-rules";
import type { TenantClients } from "./tenant-connection";
import { TenantIdSubscriber } from "./tenant-id-column";
import { TenantQueryRunner } from "./tenant-query-runner";

type PostgresOptions = Extract<DataSourceOptions, { type: "postgres" }>;

/** What of TypeORM's options has a meaning for tenants; a cache of results, which knows no tenants, has none. */
export type TenantDataSourceOptions = Pick<
  PostgresOptions,
  | "entities"
  | "subscribers"
  | "namingStrategy"
  | "logger"
  | "logging"
  | "maxQueryExecutionTime"
  | "isolationLevel"
>;

/** TypeORM asks for features that PostgreSQL has since 12. */
const OLDEST_VERSION = "14.0";
/** Which database and schema it is, is the placement's to say. */
const UNNAMED = "the tenant's";

/**
 * TypeORM over a tenants' pool: entity manager, repositories and query builders work on the rows of the tenant
 * in context, at the time of each call, and throw TenantContextMissingError outside of one. `initialize()`
 * connects to nothing.
 *
 * @example
 * const source = await new TenantDataSource(pool, { entities: [Order] }).initialize();
 * await pool.scope.run(tenantId, () => source.getRepository(Order).findOneBy({ id }));
 */
export class TenantDataSource extends DataSource {
  constructor(
    private readonly clients: TenantClients,
    options: TenantDataSourceOptions,
  ) {
    super({
      ...options,
      type: "postgres",
      driver: tenantConnections(clients),
      installExtensions: false,
      uuidExtension: "pgcrypto",
      synchronize: false,
      migrationsRun: false,
      dropSchema: false,
      cache: false,
    });
    const driver = this.driver as PostgresDriver;
    // Known beforehand, TypeORM need not ask at a time when no tenant is in context.
    Object.assign(driver, { version: OLDEST_VERSION, database: UNNAMED, searchSchema: UNNAMED });
    driver.createQueryRunner = (mode) => new TenantQueryRunner(driver, mode);
    driver.createSchemaBuilder = () => forbid("createSchemaBuilder()");
  }

  /** Reads the entities. @throws TenantTableInvalidError for one that names a schema or a database */
  override async initialize(): Promise<this> {
    await super.initialize();
    for (const metadata of this.entityMetadatas) requireMovable(metadata);
    this.subscribers.push(new TenantIdSubscriber(this.clients.scope));
    return this;
  }

  /** Runs `work` in a transaction of the tenant in context; nests by savepoints in one that the context has. */
  async tenantTransaction<T>(
    { isolation, readOnly }: TransactionOptions,
    work: (manager: EntityManager) => Promise<T>,
  ): Promise<T> {
    const run = async (manager: EntityManager): Promise<T> => {
      await (manager.queryRunner as TenantQueryRunner).setModes({ readOnly });
      return work(manager);
    };
    if (isolation === undefined) return this.transaction(run);
    return this.transaction(isolation.toUpperCase() as Uppercase<typeof isolation>, run);
  }

  /** @throws SchemaChangeForbiddenError always, as do the others that change tables */
  override synchronize(): Promise<void> {
    return forbid("synchronize()");
  }

  override dropDatabase(): Promise<void> {
    return forbid("dropDatabase()");
  }

  override runMigrations(): Promise<never> {
    return forbid("runMigrations()");
  }

  override undoLastMigration(): Promise<void> {
    return forbid("undoLastMigration()");
  }

  override showMigrations(): Promise<boolean> {
    return forbid("showMigrations()");
  }
}

function forbid(operation: string): never {
  throw new SchemaChangeForbiddenError(operation);
}

/** The tenant's client under an entity manager of a transaction; null for any other manager. */
export function tenantClientOf({ queryRunner }: EntityManager): Promise<TenantClient> | null {
  return queryRunner instanceof TenantQueryRunner ? queryRunner.tenantClient() : null;
}
