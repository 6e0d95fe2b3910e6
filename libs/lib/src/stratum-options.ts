import type { PermissionOrigin } from "@stratum-hq/core";
import type { Pool } from "pg";
import type { PreparedStatements } from "./persistence/sql";

/** What `new Stratum(options)` and `StratumModule.forRoot(options)` take. */
export interface StratumOptions {
  /** The host application's pool. Borrowed: never ended, and used only inside Stratum's methods. */
  readonly pool: Pool;
  /** Whether the first use brings schema `stratum` up to date. Default true. */
  readonly autoMigrate?: boolean;
  /**
   * `"auto"` (the default) prepares each statement once on a connection. `"off"` parses it every time:
   * for PgBouncer before 1.21 in transaction mode, and for a host that runs DISCARD ALL on connections.
   */
  readonly preparedStatements?: PreparedStatements;
  /**
   * Who may introduce a permission that no tenant above has a policy for: `"any"` tenant (the default),
   * or only a `"root"` and the platform.
   */
  readonly permissionOrigin?: PermissionOrigin;
  /** Tenants whose resolved configuration this process keeps. Default 10,000; 0 turns the cache off. */
  readonly cacheSize?: number;
}

/** The injection token of {@link StratumOptions}. */
export const STRATUM_OPTIONS = Symbol("STRATUM_OPTIONS");
