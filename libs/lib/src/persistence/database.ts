import {
  DatabaseUnavailableError,
  DRY_RUN_LOCK_WAIT_MS,
  LOCK_WAIT_MS,
  StratumError,
  TransactionConflictError,
} from "@stratum-hq/core";
import {
  Inject,
  Injectable,
  type OnModuleDestroy,
  type OnModuleInit,
  type Type,
} from "@nestjs/common";
import { lendClient, outlive, refuseNested } from "@stratum-hq/db-adapters";
import type { Pool, PoolClient } from "pg";
import type { DataSource } from "typeorm";
import { STRATUM_OPTIONS, type StratumOptions } from "../stratum-options";
import { borrowed, type BorrowedDriver } from "./borrowed-pool";
import { ChangeFeed } from "./change-feed";
import { CONSTRAINT_ERRORS, type ConstraintErrors } from "./constraint-errors";
import { createDataSource } from "./data-source";
import { isRetryable, translateDatabaseError } from "./database-errors";
import { ENTITIES } from "./entities";
import { IdGenerator } from "./id-generator";
import { locateLtree, type Ltree } from "./ltree";
import { migrate, requireMigrated } from "./migrator";
import { Snapshot } from "./snapshot";
import { statement, type PreparedStatements, type Sql } from "./sql";
import { Transaction, TransactionRestart } from "./transaction";

/** Attempts of a transaction that loses against concurrent ones, or whose preconditions moved. */
const MAX_ATTEMPTS = 10;

/** How a transaction waits, and how it ends. */
interface TransactionMode {
  readonly lockWaitMs: number;
  readonly end: "commit" | "rollback";
}

const REAL: TransactionMode = { lockWaitMs: LOCK_WAIT_MS, end: "commit" };
const REHEARSAL: TransactionMode = { lockWaitMs: DRY_RUN_LOCK_WAIT_MS, end: "rollback" };

/** Schema `stratum` over the caller's pool: statements, transactions and TypeORM's repositories. */
@Injectable()
export class Database implements Sql, OnModuleInit, OnModuleDestroy {
  readonly #pool: Pool;
  readonly #driver: BorrowedDriver;
  readonly dataSource: DataSource;
  readonly #prepared: PreparedStatements;
  #unwatch: (() => void)[] = [];
  #ltree: Ltree | null = null;
  #starting: Promise<void> | null = null;

  constructor(
    @Inject(STRATUM_OPTIONS) private readonly options: StratumOptions,
    private readonly ids: IdGenerator,
    private readonly feed: ChangeFeed,
    @Inject(ENTITIES) entities: Type[],
    @Inject(CONSTRAINT_ERRORS) private readonly constraints: ConstraintErrors,
  ) {
    this.#pool = options.pool;
    this.#prepared = options.preparedStatements ?? "auto";
    this.#driver = borrowed(options.pool);
    this.dataSource = createDataSource(this.#driver, entities);
  }

  async onModuleInit(): Promise<void> {
    await this.start();
  }

  /**
   * Migrates and connects, once; again after a failure. Whoever needs the database before Nest has called this
   * module's hook, such as a hook of a module that was imported earlier, calls it too.
   */
  async start(): Promise<void> {
    this.#starting ??= this.prepare().catch((error: unknown) => {
      this.#starting = null;
      throw error;
    });
    await this.#starting;
  }

  private async prepare(): Promise<void> {
    const { pool, tenantPool = pool } = this.options;
    this.#unwatch = [...new Set([pool, tenantPool])].map(outlive);
    try {
      await this.connectFirst();
    } catch (error) {
      this.release();
      throw error;
    }
  }

  private async connectFirst(): Promise<void> {
    await (this.options.autoMigrate === false ? requireMigrated(this.#pool) : migrate(this.#pool));
    this.#ltree = await this.read(async () => locateLtree(this.#pool));
    await this.read(() => this.dataSource.initialize());
  }

  /** Takes the listeners off the caller's pools. */
  private release(): void {
    this.#driver.release();
    for (const unwatch of this.#unwatch.splice(0)) unwatch();
  }

  async onModuleDestroy(): Promise<void> {
    if (this.dataSource.isInitialized) await this.dataSource.destroy();
    this.release();
  }

  /** How to name ltree's operators, wherever the extension lives. */
  get ltree(): Ltree {
    if (this.#ltree === null)
      throw new Error("Database was used before its module was initialized");
    return this.#ltree;
  }

  /** Runs one statement on its own, in one round trip. */
  async query<Row>(text: string, values: readonly unknown[] = []): Promise<Row[]> {
    return this.read(async () => {
      refuseNested(this.#pool);
      const query = statement(text, values, this.#prepared);
      return (await this.#pool.query(query)).rows as Row[];
    });
  }

  /** Runs a read through TypeORM with its errors translated. */
  async read<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      throw translateDatabaseError(error, this.constraints);
    }
  }

  /**
   * Runs `work` in one READ COMMITTED transaction, whatever the database's default is: the lock
   * recipes need each statement to see what committed before it. Runs it again when PostgreSQL
   * reports a conflict or `work` throws {@link TransactionRestart}; so `work` only touches `tx`.
   */
  async transaction<T>(work: (tx: Transaction) => Promise<T>): Promise<T> {
    return this.repeat(work, REAL);
  }

  /**
   * Runs `work` as {@link transaction} does, and takes back all that it did: nothing is committed, no cache is told,
   * and it waits for locks no longer than DRY_RUN_LOCK_WAIT_MS. What the commit would refuse is refused.
   */
  async rehearse<T>(work: (tx: Transaction) => Promise<T>): Promise<T> {
    const rehearsed = async (tx: Transaction): Promise<T> => {
      const result = await work(tx);
      await tx.query("set constraints all immediate");
      return result;
    };
    return this.repeat(rehearsed, REHEARSAL);
  }

  private async repeat<T>(
    work: (tx: Transaction) => Promise<T>,
    mode: TransactionMode,
  ): Promise<T> {
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await this.attempt(work, mode);
      } catch (error) {
        const again = error instanceof TransactionRestart || isRetryable(error);
        if (again && attempt < MAX_ATTEMPTS) continue;
        throw again
          ? new TransactionConflictError(attempt, error)
          : translateDatabaseError(error, this.constraints, mode.lockWaitMs);
      }
    }
  }

  /**
   * A view of the database as it is now, for reading more than one statement can return. It holds a
   * connection of the pool until {@link Snapshot.close}, which whoever opens it has to call.
   */
  async openSnapshot(): Promise<Snapshot> {
    const client = await this.connect();
    return Snapshot.open(client, this.ltree.searchPath, this.#prepared);
  }

  private async attempt<T>(
    work: (tx: Transaction) => Promise<T>,
    { lockWaitMs, end }: TransactionMode,
  ): Promise<T> {
    const client = await this.connect();
    let broken: Error | undefined;
    const onError = (error: Error): void => void (broken = error);
    // Without a listener, a connection that dies between two statements ends the process.
    client.on("error", onError);
    const tx = new Transaction(client, this.ids.next(), this.#prepared);
    try {
      await client.query(this.beginStatement(lockWaitMs));
      const result = await work(tx);
      await client.query(end);
      return result;
    } catch (error) {
      await client.query("rollback").catch((failure: Error) => (broken = failure));
      throw error;
    } finally {
      // Also after a failure: a commit whose answer was lost may have happened.
      if (end === "commit") this.feed.announce(tx.changedTenants);
      client.off("error", onError);
      client.release(broken);
    }
  }

  private beginStatement(lockWaitMs: number): string {
    return (
      `begin isolation level read committed read write; set local lock_timeout = ${lockWaitMs}; ` +
      `set local search_path = ${this.ltree.searchPath}`
    );
  }

  private async connect(): Promise<PoolClient> {
    try {
      return await lendClient(this.#pool);
    } catch (error) {
      throw error instanceof StratumError ? error : new DatabaseUnavailableError(error);
    }
  }
}
