import { Readable } from "node:stream";
import { StratumError } from "@stratum-hq/core";
import { QueryFailedError } from "typeorm";
import { PostgresQueryRunner } from "typeorm/driver/postgres/PostgresQueryRunner.js";
import type { TransactionOptions } from "../pg/transaction-options";
import type { TenantClient } from "../pg/tenant-client";
import type { TenantConnection } from "./tenant-connection";

type Listener = (...args: unknown[]) => void;
type Isolation = Parameters<PostgresQueryRunner["startTransaction"]>[0];

/**
 * TypeORM's runner over a {@link TenantConnection}: it says which statements are its own transaction control,
 * streams by cursor, and passes Stratum's errors on as they are.
 */
export class TenantQueryRunner extends PostgresQueryRunner {
  /**
   * Whether a nested transaction did not start. TypeORM rolls back all the same, and would take back the outer
   * one, whose next statements would stand alone.
   */
  #unstarted = false;

  override async connect(): Promise<TenantConnection> {
    return (await super.connect()) as TenantConnection;
  }

  /** The tenant's client under the runner, in its transaction where it has begun one. */
  async tenantClient(): Promise<TenantClient> {
    return (await this.connect()).client();
  }

  override async startTransaction(isolation?: Isolation): Promise<void> {
    const isNested = this.isTransactionActive;
    try {
      await this.controlled(() => super.startTransaction(isolation));
    } catch (error) {
      this.#unstarted = isNested;
      throw error;
    }
  }

  /** Sets the modes of a transaction that was started just now. */
  async setModes({
    readOnly,
  }: {
    readonly readOnly: TransactionOptions["readOnly"];
  }): Promise<void> {
    if (readOnly === undefined) return;
    await this.controlled(() => this.query(`SET TRANSACTION READ ${readOnly ? "ONLY" : "WRITE"}`));
  }

  override commitTransaction(): Promise<void> {
    this.#unstarted = false;
    return this.controlled(() => super.commitTransaction());
  }

  override async rollbackTransaction(): Promise<void> {
    const hasNothing = this.#unstarted;
    this.#unstarted = false;
    if (!hasNothing) await this.controlled(() => super.rollbackTransaction());
  }

  override async query(
    text: string,
    parameters?: Parameters<PostgresQueryRunner["query"]>[1],
    useStructuredResult?: boolean,
  ): ReturnType<PostgresQueryRunner["query"]> {
    try {
      return (await super.query(text, parameters, useStructuredResult)) as never;
    } catch (error) {
      const ours = error instanceof QueryFailedError ? (error.driverError as unknown) : undefined;
      throw ours instanceof StratumError ? ours : error;
    }
  }

  /** Rows one by one; outside of a transaction, the stream fails with TransactionRequiredError. */
  override async stream(
    text: string,
    parameters?: unknown[],
    onEnd?: Listener,
    onError?: Listener,
  ): ReturnType<PostgresQueryRunner["stream"]> {
    const connection = await this.connect();
    this.dataSource.logger.logQuery(text, parameters, this);
    const rows = Readable.from(connection.stream(text, parameters));
    if (onEnd !== undefined) rows.on("end", onEnd);
    if (onError !== undefined) rows.on("error", onError);
    // TypeORM's type says that of a file, and means any stream of rows.
    return rows as Awaited<ReturnType<PostgresQueryRunner["stream"]>>;
  }

  private async controlled<T>(work: () => Promise<T>): Promise<T> {
    return (await this.connect()).controlled(work);
  }
}
