import { TenantContextMissingError, TenantStorageMissingError } from "@stratum-hq/core";
import type { PoolClient, QueryResult } from "pg";
import type { ContextScope, ContextSigner } from "../context/context-signer";
import { roleOf, type ContextValues } from "../context/context-statement";
import type { TenantScope } from "../context/tenant-scope";
import type { IdleConnection, Placement } from "../placement/placement";
import { COLUMN_TYPES } from "./column-types";
import type { ExtendedQuery } from "./pg-internals";
import { releaseReset } from "./reset-connection";
import type { StatementNames } from "./statement-names";
import { isPlanStale, isUndefinedName, leavesUsable, translateTenantError } from "./tenant-errors";
import { ownQuery } from "./tenant-query";
import type { Wire } from "./wire";

/** What all connections of a pool have in common. */
export interface SessionSettings {
  readonly scope: TenantScope;
  readonly signer: ContextSigner;
  /** Null where statements are parsed every time. */
  readonly names: StatementNames | null;
  /** Whether the login acts as itself, being a tenant and nothing else. */
  readonly inherits: boolean;
  /** Whether nothing of a session outlives the tenant's use of it. */
  readonly resetOnRelease: boolean;
}

/** Whose a session is, and where it finds that tenant's tables. */
export interface SessionTenant {
  readonly id: string;
  readonly reach: ContextScope;
  readonly searchPath: string;
  /** The schema that has to be there for this tenant; null where it shares one. */
  readonly ownSchema: string | null;
  /** What its connection is one of. */
  readonly connections: Placement["connections"];
  /** As {@link Placement.certain} says. */
  readonly certain: Placement["certain"];
}

/** A connection while it is one tenant's: one statement at a time, each in that tenant's context. */
export class TenantSession implements IdleConnection {
  #last: Promise<unknown> = Promise.resolve();
  #waiting = 0;
  #broken = false;
  #ended = false;
  #names = 0;

  constructor(
    readonly client: PoolClient,
    private readonly wire: Wire,
    readonly settings: SessionSettings,
    private readonly tenant: SessionTenant,
  ) {
    // Without a listener, a connection that dies between two statements ends the process.
    client.on("error", this.onError);
  }

  /** What the connection is one of. */
  get connections(): Placement["connections"] {
    return this.tenant.connections;
  }

  /** Whether a transaction is open, failed or not. */
  isOpen(): boolean {
    return this.client.getTransactionStatus() !== "I";
  }

  /** The name that this tenant's statement of a text is prepared under; undefined for none. */
  nameOf(text: string): string | undefined {
    return this.settings.names?.nameOf(text, this.tenant.searchPath);
  }

  /** A name for a savepoint or cursor that no other one of this connection has. */
  nextName(kind: "savepoint" | "cursor"): string {
    this.#names += 1;
    return `stratum_${kind}_${this.#names}`;
  }

  /** One statement: in the open transaction, else in one of its own. */
  query(query: ExtendedQuery): Promise<QueryResult> {
    return this.run(() =>
      this.isOpen()
        ? this.wire.bare(this.client, query)
        : this.signed((context) => this.wire.scoped(this.client, query, context)),
    );
  }

  /** A transaction's begin, with its context. */
  begin(query: ExtendedQuery): Promise<QueryResult> {
    return this.run(() => this.signed((context) => this.wire.begin(this.client, query, context)));
  }

  /** A statement as it is, which the tenant need not be in context for: the end of a transaction. */
  end(query: ExtendedQuery): Promise<QueryResult> {
    return this.inTurn(() => this.wire.bare(this.client, query));
  }

  async verify(): Promise<void> {
    try {
      const query = { ...ownQuery("select stratum.current_tenant_id()"), types: COLUMN_TYPES };
      await this.wire.scoped(this.client, query, this.context());
    } catch (error) {
      throw translateTenantError(error, this.client);
    }
  }

  /** Gives the connection back; one that is not idle is closed instead, and its transaction with it. */
  release(): void {
    if (this.#ended) return;
    this.#ended = true;
    const isUnfit = this.#broken || this.#waiting > 0 || this.isOpen();
    if (this.settings.resetOnRelease && !isUnfit) {
      void releaseReset(this.client).finally(() => this.client.off("error", this.onError));
      return;
    }
    this.client.off("error", this.onError);
    this.client.release(isUnfit);
  }

  /**
   * The typed error for a statement that found nothing where the tenant's own schema is missing; any other as
   * it is. Asked once a statement has failed, so that none is slower for it, and outside of a transaction.
   */
  async explained(error: unknown): Promise<unknown> {
    const { id, ownSchema } = this.tenant;
    if (ownSchema === null || !isUndefinedName(error) || this.isOpen()) return error;
    try {
      const query = ownQuery("select from pg_catalog.pg_namespace where nspname = $1", [ownSchema]);
      const { rowCount } = await this.wire.bare(this.client, query);
      return rowCount === 0
        ? new TenantStorageMissingError(id, `schema ${ownSchema}`, error)
        : error;
    } catch {
      this.#broken = true;
      return error;
    }
  }

  private readonly onError = (): void => {
    this.#broken = true;
  };

  /** Sends a context with a statement: signed in the moment in which it is sent. */
  private signed(send: (context: ContextValues) => Promise<QueryResult>): Promise<QueryResult> {
    const looking = this.looking();
    if (looking === null) return send(this.context());
    return looking.then(() => {
      this.requireContext();
      return send(this.context());
    });
  }

  /** At whether the tenant may be acted for, then at the key; null where neither has to be looked at. */
  private looking(): Promise<void> | null {
    const { certain } = this.tenant;
    const atTenant = this.settings.scope.certain?.(this) ?? null;
    if (atTenant === null) return certain?.(this) ?? null;
    return atTenant.then(() => certain?.(this) ?? undefined);
  }

  private context(): ContextValues {
    const { id, reach, searchPath } = this.tenant;
    const { signer, inherits } = this.settings;
    return [signer.sign(id, reach), searchPath, roleOf(reach, inherits)];
  }

  private run(work: () => Promise<QueryResult>): Promise<QueryResult> {
    return this.inTurn(() => {
      this.requireContext();
      return work();
    });
  }

  /** Only while its tenant is the one in context: whoever kept the client must not go on with it. */
  private requireContext(): void {
    const { scope } = this.settings;
    if (scope.current() !== this.tenant.id || reachOf(scope) !== this.tenant.reach) {
      throw new TenantContextMissingError();
    }
  }

  /** Whether a transaction is open is known only when no statement is under way. */
  private async inTurn(work: () => Promise<QueryResult>): Promise<QueryResult> {
    this.#waiting += 1;
    const before = this.#last;
    const turn = (async () => {
      await before;
      if (this.#ended) throw new TenantContextMissingError();
      try {
        return await work();
      } catch (error) {
        // Of a transaction of its own nothing has happened; the caller's has failed.
        if (isPlanStale(error) && !this.isOpen()) return await work();
        throw await this.explained(error);
      }
    })();
    this.#last = turn.catch(() => undefined);
    try {
      return await turn;
    } catch (error) {
      if (!leavesUsable(error)) this.#broken = true;
      throw translateTenantError(error, this.client);
    } finally {
      this.#waiting -= 1;
    }
  }
}

/** What the code in context may read. */
export function reachOf(scope: TenantScope): ContextScope {
  return scope.reach?.() ?? "tenant";
}
