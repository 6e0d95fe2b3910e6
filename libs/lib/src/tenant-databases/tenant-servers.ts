import { Inject, Injectable } from "@nestjs/common";
import { clientOf, loginOf, optionsOf } from "@stratum-hq/db-adapters";
import type { Client, ClientConfig } from "pg";
import type { Sql } from "../persistence/sql";
import { RegionUrls } from "../regions/region-urls";
import { STRATUM_OPTIONS, type StratumOptions } from "../stratum-options";

/** The server that a tenant's database is on. */
export interface TenantServer {
  /** Null for the server of `pool`. */
  readonly region_id: string | null;
  /** A client of the login that owns databases there, for one of them; else for the one that it names. */
  owner(database?: string): Client;
  /** A client of the login that tenants' statements go through. */
  tenants(database: string): Client;
}

/** Finds the servers that tenants' databases are on. */
@Injectable()
export class TenantServers {
  constructor(
    @Inject(STRATUM_OPTIONS) private readonly options: StratumOptions,
    private readonly urls: RegionUrls,
  ) {}

  /**
   * The server of a region; of `pool`, where the tenant has none, or the region none of its own.
   *
   * @param sql reads where that is: the transaction, where one is open
   * @throws DecryptionFailedError for its URL
   */
  async of(sql: Sql, regionId: string | null): Promise<TenantServer> {
    const url = regionId === null ? null : await this.urls.reveal(sql, regionId);
    const { pool, tenantPool } = this.options;
    const own = optionsOf(pool);
    // What pg is told besides the address, such as types and timeouts, holds for every server.
    const server: ClientConfig = url === null ? own : { ...besides(own), connectionString: url };
    const login = tenantPool === undefined ? undefined : loginOf(tenantPool);
    return {
      region_id: url === null ? null : regionId,
      owner: (database) => clientOf(server, database),
      tenants: (database) =>
        url === null && tenantPool !== undefined
          ? clientOf(optionsOf(tenantPool), database)
          : clientOf(server, database, login),
    };
  }
}

/** Options without what says where the server is, and who logs in. */
function besides(options: ClientConfig): ClientConfig {
  const address = ["host", "port", "user", "password", "database", "ssl", "connectionString"];
  return Object.fromEntries(Object.entries(options).filter(([name]) => !address.includes(name)));
}
