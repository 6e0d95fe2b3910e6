import type { PoolClient } from "pg";

/** What connections are borrowed from: a `pg.Pool` is one. */
export interface TenantConnections {
  connect(): Promise<PoolClient>;
}

/** A tenant's connection, on which nothing is under way. */
export interface IdleConnection {
  readonly client: PoolClient;
  /** Has the database verify a context that is signed now. @throws TenantContextForgedError */
  verify(): Promise<void>;
}

/** Where a tenant's tables are. */
export interface Placement {
  /** Connections to their database, of a login that is a member of stratum_tenant. */
  readonly connections: TenantConnections;
  /** Their schema. */
  readonly schema: string;
  /** Whether the schema is that tenant's alone, so that a statement can fail for its not being there. */
  readonly isOwn?: boolean;
  /**
   * Makes certain, before a context is signed, that the signer has a key which the database knows and will
   * know for as long as a transaction may last. Null where that is so, since a promise more is felt in each
   * statement. Left out, it always is. What it rejects with refuses the statement.
   *
   * @param connection the one that the context is for, idle until then
   */
  readonly certain?: (connection: IdleConnection) => Promise<void> | null;
}

/** Says where the tables of the tenant in context are; what it throws refuses the connection. */
export type PlacementOf = (tenantId: string) => Placement | Promise<Placement>;
