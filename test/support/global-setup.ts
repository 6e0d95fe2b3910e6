import { chmod, mkdtemp } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
// Jest maps no module names here, so the package is named by its folder.
import { startEmbeddedPostgres, type EmbeddedPostgres } from "../../libs/embedded/src";

declare global {
  // One server serves all suites of a run.
  var stratumTestServer: { server: EmbeddedPostgres; directory: string } | undefined;
}

/** Starts PostgreSQL for the run, unless STRATUM_TEST_DATABASE_URL names a server of the developer's. */
export default async function globalSetup(): Promise<void> {
  if (process.env.STRATUM_TEST_DATABASE_URL !== undefined) return;
  const directory = await mkdtemp(join(tmpdir(), "stratum-test-"));
  // As root, the server runs as another user, who has to get through here.
  await chmod(directory, 0o755);
  const server = await startEmbeddedPostgres({
    dataDir: join(directory, "data"),
    fsync: false,
    settings: {
      synchronous_commit: "off",
      full_page_writes: "off",
      shared_buffers: "256MB",
      max_connections: "300",
      max_wal_size: "4GB",
      log_min_messages: "fatal",
      log_min_error_statement: "panic",
      deadlock_timeout: "200ms",
      // The races compare when transactions committed.
      track_commit_timestamp: "on",
    },
  });
  globalThis.stratumTestServer = { server, directory };
  process.env.STRATUM_TEST_DATABASE_URL = server.url;
}
