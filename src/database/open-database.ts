import { startEmbeddedPostgres } from "@stratum-hq/embedded";
import { Pool } from "pg";
import type { Environment } from "../environment/environment";

/** The database of the process. */
export interface OpenDatabase {
  readonly pool: Pool;
  /** Whether it is the PostgreSQL that this process brings along. */
  readonly embedded: boolean;
  close(): Promise<void>;
}

/**
 * Opens the database of DATABASE_URL, else the embedded one.
 *
 * @throws EmbeddedPostgresError
 */
export async function openDatabase(environment: Environment): Promise<OpenDatabase> {
  const { DATABASE_URL, DATABASE_POOL_MAX: max, STRATUM_DATA_DIR: dataDir } = environment;
  const server = DATABASE_URL === undefined ? await startEmbeddedPostgres({ dataDir }) : null;
  const pool = new Pool({ connectionString: server?.url ?? DATABASE_URL, max });
  // Ctrl-C ends the embedded server too, maybe before its connections have closed. The pool drops them by itself.
  pool.on("error", () => undefined);
  return {
    pool,
    embedded: server !== null,
    close: async () => {
      await pool.end();
      await server?.stop();
    },
  };
}
