import { spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { chmod, mkdtemp } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Client } from "pg";
// Jest maps no module names here, so the package is named by its folder.
import { startEmbeddedPostgres, type EmbeddedPostgres } from "../../libs/embedded/src";

declare global {
  // One server serves all suites of a run, though each jest project has its setup run.
  var stratumTestServer: { server: EmbeddedPostgres; directory: string } | undefined;
}

/**
 * Starts PostgreSQL for the run, unless STRATUM_TEST_DATABASE_URL names a server of the developer's: then
 * that one is used. It needs superuser rights, `track_commit_timestamp`, and one run at a time.
 */
export default async function globalSetup(): Promise<void> {
  if (globalThis.stratumTestServer !== undefined) return;
  // Suites and the programs that they start share it, and leave no key of development behind.
  process.env["STRATUM_MASTER_KEY"] ??= randomBytes(32).toString("base64");
  const url = process.env.STRATUM_TEST_DATABASE_URL;
  if (url !== undefined) {
    if (process.env["STRATUM_TEST_TEMPLATE"] !== "keep") await dropTemplate(url);
    return;
  }
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
  endWithThisProcess(directory);
}

/** A server that outlives the run has the template of another run, perhaps of other migrations. */
async function dropTemplate(url: string): Promise<void> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    await client.query("drop database if exists stratum_template with (force)");
  } finally {
    await client.end();
  }
}

/** Jest tears nothing down on Ctrl-C or kill -9; the closing of a pipe tells a child of either. */
function endWithThisProcess(directory: string): void {
  const child = spawn(process.execPath, [join(__dirname, "reaper.cjs"), directory], {
    detached: true,
    stdio: ["pipe", "ignore", "ignore"],
  });
  child.unref();
  // What Node opens as a child's stdin is a socket.
  (child.stdin as unknown as { unref(): void }).unref();
}
