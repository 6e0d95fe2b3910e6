import type { Client } from "pg";

/** Milliseconds that the server has to close a connection. */
const CLOSE_MS = 5000;

/**
 * Ends a connection, and resolves when the server has closed its end: it then stands in pg_stat_activity no
 * more. A server that does not answer is given up.
 */
export async function closeClient(client: Client): Promise<void> {
  const { stream } = client.connection;
  const timer = setTimeout(() => stream.destroy(), CLOSE_MS);
  try {
    await client.end();
  } finally {
    clearTimeout(timer);
  }
}
