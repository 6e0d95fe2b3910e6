import { Inject, Injectable } from "@nestjs/common";
import { StratumError, type ErrorCode } from "@stratum-hq/core";
import { CONTROL_DATABASE } from "@stratum-hq/migrations";
import { STRATUM_OPTIONS, type StratumOptions } from "../stratum-options";
import { ChangeFeed } from "./change-feed";
import { translateDatabaseError } from "./database-errors";
import { pendingMigrations } from "./migrator";

/** Whether one of the things that Stratum needs is there, and if not, the code of the error that says why. */
export interface Requirement {
  readonly ready: boolean;
  readonly code?: ErrorCode;
}

/** Whether this process can serve. */
export interface ReadinessReport {
  /** Whether PostgreSQL answers. */
  readonly database: Requirement;
  /** Whether schema `stratum` is that of this release. */
  readonly migrations: Requirement;
  /** Whether caches know what other processes changed. */
  readonly feed: Requirement;
}

const READY: Requirement = { ready: true };

/** Looks whether what Stratum needs to serve is there. */
@Injectable()
export class Readiness {
  constructor(
    @Inject(STRATUM_OPTIONS) private readonly options: StratumOptions,
    private readonly feed: ChangeFeed,
  ) {}

  /** It never throws: what is wrong is in the report. */
  async check(): Promise<ReadinessReport> {
    try {
      const pending = await pendingMigrations(this.options.pool, CONTROL_DATABASE);
      const migrations = pending.length === 0 ? READY : notReady("MIGRATION_REQUIRED");
      const isFresh = migrations.ready && (await this.feed.refresh());
      return { database: READY, migrations, feed: { ready: isFresh } };
    } catch (error) {
      const { code } = error instanceof StratumError ? error : translateDatabaseError(error);
      const problem = notReady(code);
      // A newer release has migrated it: the database is there.
      if (code === "SCHEMA_TOO_NEW")
        return { database: READY, migrations: problem, feed: { ready: false } };
      return { database: problem, migrations: { ready: false }, feed: { ready: false } };
    }
  }
}

function notReady(code: ErrorCode): Requirement {
  return { ready: false, code };
}
