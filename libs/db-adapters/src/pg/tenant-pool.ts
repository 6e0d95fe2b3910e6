import type { PoolClient, QueryResult, QueryResultRow } from "pg";
import type { ContextSigner } from "../context/context-signer";
import { LocalTenantScope, type TenantScope } from "../context/tenant-scope";
import { borrow } from "../placement/borrow";
import type { Placement, PlacementOf, TenantConnections } from "../placement/placement";
import { StatementNames } from "./statement-names";
import { TenantClient } from "./tenant-client";
import type { TenantQuery } from "./tenant-query";
import { reachOf, TenantSession, type SessionSettings } from "./tenant-session";
import type { TransactionOptions } from "./transaction-options";
import { MessageGroupWire, PlainWire, wireFor } from "./wire";

/** What a {@link TenantPool} is made of. */
export interface TenantPoolOptions {
  /** Borrowed: never ended. Its login has to be a member of stratum_tenant. */
  readonly pool: TenantConnections;
  readonly signer: ContextSigner;
  /** Who is in context. Left out, whom `withTenantContext` put there. */
  readonly scope?: TenantScope;
  /** The schema of the tenants' tables. Default `public`. */
  readonly schema?: string;
  /** Where the tenant in context has its tables. Left out, all have them in `schema` of `pool`. */
  readonly placementOf?: PlacementOf;
  /**
   * The client of the transaction that the running code is in, which every connection and statement then
   * takes part in; null outside of one. Left out, transactions are only passed on, and never found.
   */
  readonly transactionInContext?: () => Promise<TenantClient> | null;
  /** `"off"` behind PgBouncer before 1.21, or where the host runs DISCARD ALL. Default `"auto"`. */
  readonly preparedStatements?: "auto" | "off";
  /**
   * Whether a connection is reset (DISCARD ALL) before it goes back, so that what injected SQL can leave on it
   * (session settings, advisory locks, temporary tables) reaches nobody. It costs a round trip for each use, which
   * nobody waits for but who needs that connection, and parses each statement anew. What the host set when it
   * connected is reset too. Of no use behind a pooler, which resets its connections itself. Default false.
   */
  readonly resetOnRelease?: boolean;
  /**
   * Whether the login is a member of stratum_tenant that inherits, and nothing else (`requireHardened`): then no role
   * is switched, and SQL that becomes the login again gains nothing. Default false.
   */
  readonly inherits?: boolean;
  /** `"off"` sends BEGIN, context, statement and COMMIT one by one. Default `"auto"`: wherever pg allows more. */
  readonly messageGroups?: "auto" | "off";
}

/**
 * Connections for the tenant in context. Every statement runs as role stratum_tenant under a signed context
 * that ends with its transaction, so that PostgreSQL shows and takes no other tenant's rows.
 */
export class TenantPool {
  readonly scope: TenantScope;
  readonly #placementOf: PlacementOf;
  readonly #transactionInContext: () => Promise<TenantClient> | null;
  readonly #settings: SessionSettings;
  readonly #groups: MessageGroupWire | null;
  readonly #plain = new PlainWire();

  constructor(options: TenantPoolOptions) {
    const { pool, signer, schema = "public" } = options;
    const prepared = options.preparedStatements !== "off";
    const shared: Placement = { connections: pool, schema };
    this.#placementOf = options.placementOf ?? (() => shared);
    this.#transactionInContext = options.transactionInContext ?? (() => null);
    this.scope = options.scope ?? new LocalTenantScope();
    this.#groups = options.messageGroups === "off" ? null : new MessageGroupWire(prepared);
    this.#settings = {
      scope: this.scope,
      signer,
      names: prepared ? new StatementNames() : null,
      resetOnRelease: options.resetOnRelease === true,
      inherits: options.inherits === true,
    };
  }

  /** One statement of the tenant in context, in one round trip; throws what {@link TenantClient.query} does. */
  async query<Row extends QueryResultRow = Record<string, unknown>>(
    query: string | TenantQuery,
    values?: readonly unknown[],
  ): Promise<QueryResult<Row>> {
    const client = await this.connect();
    try {
      return await client.query<Row>(query, values);
    } finally {
      client.release();
    }
  }

  /**
   * A connection for the tenant in context, which the caller releases; in a transaction of the context, its
   * own.
   *
   * @throws TenantContextMissingError, DatabaseUnavailableError, ConnectionNestedError
   */
  async connect(): Promise<TenantClient> {
    const tenantId = this.scope.current();
    const transaction = this.#transactionInContext();
    const inContext = transaction === null ? null : await transaction;
    if (inContext?.isOf(this.#settings) === true) return inContext.borrowed();
    const reach = reachOf(this.scope);
    const placement = this.#placementOf(tenantId);
    // Most placements are known at once, and a promise more is felt in each statement.
    const { connections, schema, isOwn, certain } =
      placement instanceof Promise ? await placement : placement;
    const client = await idleClient(connections);
    const wire = wireFor(client, this.#groups, this.#plain);
    const ownSchema = isOwn === true ? schema : null;
    const searchPath = searchPathOf(schema);
    const tenant = { id: tenantId, reach, searchPath, ownSchema, certain, connections };
    return new TenantClient(new TenantSession(client, wire, this.#settings, tenant));
  }

  /**
   * Runs `work` in a transaction of the tenant in context, or in a savepoint of the one that the context has;
   * throws what {@link connect} does.
   */
  async transaction<T>(
    work: (client: TenantClient) => Promise<T>,
    options: TransactionOptions = {},
  ): Promise<T> {
    const client = await this.connect();
    try {
      return await client.transaction(work, options);
    } finally {
      client.release();
    }
  }
}

/** A temporary table never comes before the tenants' own. */
function searchPathOf(schema: string): string {
  return `"${schema.replaceAll('"', '""')}", pg_temp`;
}

/** A context is put before a statement on an idle connection only: one that was left otherwise is closed. */
async function idleClient(connections: TenantConnections): Promise<PoolClient> {
  for (;;) {
    const client = await borrow(connections);
    if (client.getTransactionStatus() === "I") return client;
    client.release(true);
  }
}

/**
 * Runs `work` in a transaction of a tenant, for which it is in context meanwhile.
 *
 * @throws what the pool's scope refuses the tenant with, and what {@link TenantClient.query} throws
 * @example
 * await withTenantContext(pool, tenantId, (client) => client.query("select * from orders"));
 */
export async function withTenantContext<T>(
  pool: TenantPool,
  tenantId: string,
  work: (client: TenantClient) => Promise<T>,
  options: TransactionOptions = {},
): Promise<T> {
  return pool.scope.run(tenantId, () => pool.transaction(work, options));
}

/** {@link withTenantContext}, by the name that jobs and scripts call it. */
export async function runScopedJob<T>(
  pool: TenantPool,
  tenantId: string,
  work: (client: TenantClient) => Promise<T>,
): Promise<T> {
  return withTenantContext(pool, tenantId, work);
}
