import type { PermissionOrigin } from "@stratum-hq/core";
import type { TenantTableDeclaration } from "@stratum-hq/db-adapters";
import type { Pool } from "pg";
import type { KeyProvider } from "./crypto/key-provider";
import type { HttpOptions } from "./http/http-options";
import type { PreparedStatements } from "./persistence/sql";

/** What `new Stratum(options)` and `StratumModule.forRoot(options)` take. */
export interface StratumOptions {
  /** The host application's pool. Borrowed: never ended, and used only inside Stratum's methods and by its `worker`. */
  readonly pool: Pool;
  /**
   * A pool of another login, for tenants' statements alone: a member of stratum_tenant, and nothing else
   * (docs/isolation.md). SQL injected into such a statement can then use its own tenant's rows only. Borrowed
   * as `pool` is. Left out, tenants' statements go through `pool`.
   */
  readonly tenantPool?: Pool;
  /**
   * What tenant contexts are signed with, at least 32 bytes, the same in every process. Left out, one is
   * made and kept in the database, encrypted.
   */
  readonly contextKey?: string | Uint8Array;
  /**
   * The host application's tables of tenants' rows, each after those that it refers to. Every placement has
   * them: schema public for the tenants that share it, and each schema or database of a single tenant's.
   */
  readonly tenantTables?: readonly TenantTableDeclaration[];
  /**
   * Whether the first use brings schema `stratum` up to date, and creates in schema public the tenants'
   * tables that it lacks. Default true.
   */
  readonly autoMigrate?: boolean;
  /**
   * `"auto"` (the default) prepares each statement once on a connection. `"off"` parses it every time:
   * for PgBouncer before 1.21 in transaction mode, and for a host that runs DISCARD ALL on connections.
   */
  readonly preparedStatements?: PreparedStatements;
  /**
   * Whether a connection is reset (DISCARD ALL) when a tenant's work gives it back, so that session settings,
   * advisory locks and temporary tables that injected SQL left on it reach nobody. Each use costs a round trip
   * more, and parses its statements. Behind PgBouncer set its `server_reset_query_always` instead. Default true with
   * `tenantPool`, else false.
   */
  readonly resetOnRelease?: boolean;
  /**
   * Who may introduce a permission that no tenant above has a policy for: `"any"` tenant (the default),
   * or only a `"root"` and the platform.
   */
  readonly permissionOrigin?: PermissionOrigin;
  /** What new API keys begin with; `sk_live_` where left out. Letters, digits and `_`, ending in `_`. */
  readonly keyPrefix?: string;
  /**
   * The key of the HMAC under which API keys are kept, at least 32 bytes, the same in every process; with
   * another one, no key of before is valid. Left out, one is made and kept in the database.
   */
  readonly apiKeyPepper?: string | Uint8Array;
  /**
   * Wraps the data keys that sensitive values are encrypted with. Left out, master keys come from the
   * environment: STRATUM_MASTER_KEY or STRATUM_MASTER_KEY_FILE.
   */
  readonly keyProvider?: KeyProvider;
  /**
   * Whether this process goes on with long operations whose own process has died. Default true. It then
   * looks for them every 15 seconds, and every minute for consents that have expired, by timers that keep no
   * program alive.
   */
  readonly worker?: boolean;
  /**
   * Connections that this process has to tenants' databases at most, however many of these there are. Default
   * 20. Idle ones make room for others; a request that finds none waits for five seconds.
   */
  readonly connectionBudget?: number;
  /** In a Nest application: how requests find their tenants. Left out, they have none. */
  readonly http?: HttpOptions;
  /** Tenants whose resolved configuration this process keeps. Default 10,000; 0 turns the cache off. */
  readonly cacheSize?: number;
}

/** The injection token of {@link StratumOptions}. */
export const STRATUM_OPTIONS = Symbol("STRATUM_OPTIONS");
