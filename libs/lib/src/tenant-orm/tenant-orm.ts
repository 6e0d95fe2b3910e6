import { Injectable, type OnModuleDestroy, type OnModuleInit } from "@nestjs/common";
import { InternalError } from "@stratum-hq/core";
import { EntityTables, TenantDataSource } from "@stratum-hq/db-adapters/typeorm";
import type { EntityManager } from "typeorm";
import { currentTenantId } from "../context/tenant-context";
import { TenantPoolService } from "../isolation/tenant-pool.service";
import { TenantTableRegistry } from "../isolation/tenant-table-registry";
import { TenantEntities } from "./tenant-entities";
import { managerInContext } from "./transaction-in-context";

/** TypeORM over the tenants' pool, for the entities that the application's modules declare. */
@Injectable()
export class TenantOrm implements OnModuleInit, OnModuleDestroy {
  #source: TenantDataSource | null = null;
  #starting: Promise<void> | null = null;

  constructor(
    private readonly entities: TenantEntities,
    private readonly pools: TenantPoolService,
    private readonly registry: TenantTableRegistry,
  ) {}

  /**
   * Reads the entities, and declares their tables. Nothing connects before a tenant's first statement.
   *
   * @throws TenantTableInvalidError for an entity whose table could not move between placements
   */
  async onModuleInit(): Promise<void> {
    await this.start();
  }

  /** The same for who needs entities before this module's hook. @throws TenantTableInvalidError */
  async start(): Promise<void> {
    await (this.#starting ??= this.read());
  }

  private async read(): Promise<void> {
    const clients = {
      scope: { current: currentTenantId },
      connect: async () => (await this.pools.tenantPool()).connect(),
    };
    const source = new TenantDataSource(clients, { entities: this.entities.all as never });
    this.#source = await source.initialize();
    this.registry.add(new EntityTables(source, this.entities.references));
  }

  async onModuleDestroy(): Promise<void> {
    if (this.source.isInitialized) await this.source.destroy();
  }

  /** The data source of tenants' entities. */
  get source(): TenantDataSource {
    if (this.#source === null) {
      throw new InternalError(new Error("entities were used before the application had started"));
    }
    return this.#source;
  }

  /** The manager of the transaction that the running code is in, else one whose statements stand alone. */
  get manager(): EntityManager {
    const { source } = this;
    const inContext = managerInContext();
    return inContext?.dataSource === source ? inContext : source.manager;
  }
}
