import { chmod, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startEmbeddedPostgres, type EmbeddedPostgres } from "@stratum-hq/embedded";
import { Client } from "pg";

/** Another PostgreSQL server, of the suite's own. */
export interface SecondServer {
  /** A superuser's, for its database `postgres`. */
  readonly url: string;
  rows<Row = Record<string, unknown>>(text: string): Promise<Row[]>;
  stop(): Promise<void>;
}

export async function startSecondServer(): Promise<SecondServer> {
  const directory = await mkdtemp(join(tmpdir(), "stratum-second-"));
  // As root, the server runs as another user, who has to get through here.
  await chmod(directory, 0o755);
  const server: EmbeddedPostgres = await startEmbeddedPostgres({
    dataDir: join(directory, "data"),
    fsync: false,
    settings: { synchronous_commit: "off", full_page_writes: "off", max_connections: "50" },
  });
  const client = new Client({ connectionString: server.url });
  await client.connect();
  return {
    url: server.url,
    rows: async <Row>(text: string) => (await client.query(text)).rows as Row[],
    stop: async () => {
      await client.end();
      await server.stop();
      await rm(directory, { recursive: true, force: true });
    },
  };
}
