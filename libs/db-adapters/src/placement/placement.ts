import type { PoolClient } from "pg";

/** What connections are borrowed from: a `pg.Pool` is one. */
export interface TenantConnections {
  connect(): Promise<PoolClient>;
}

/** Where a tenant's tables are. */
export interface Placement {
  /** Connections to their database, of a login that is a member of stratum_tenant. */
  readonly connections: TenantConnections;
  /** Their schema. */
  readonly schema: string;
  /** Whether the schema is that tenant's alone, so that a statement can fail for its not being there. */
  readonly isOwn?: boolean;
}

/** Says where the tables of the tenant in context are; what it throws refuses the connection. */
export type PlacementOf = (tenantId: string) => Placement | Promise<Placement>;
