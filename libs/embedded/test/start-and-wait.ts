import { setTimeout as sleep } from "node:timers/promises";
import { startEmbeddedPostgres } from "../src";

/** Starts a server, says which, and holds it until SIGTERM. */
async function main(): Promise<void> {
  const server = await startEmbeddedPostgres({ dataDir: process.argv[2] as string, fsync: false });
  const { url, pid, adopted, dataDir } = server;
  console.log(JSON.stringify({ url, pid, adopted, dataDir }));
  process.once("SIGTERM", () => void server.stop().then(() => process.exit(0)));
  await sleep(600_000);
}

main().catch((error: { code: string; message: string }) => {
  console.error(error.code, error.message);
  process.exitCode = 1;
});
