import { rm } from "node:fs/promises";
import "./global-setup";

export default async function globalTeardown(): Promise<void> {
  const running = globalThis.stratumTestServer;
  if (running === undefined) return;
  await running.server.stop();
  await rm(running.directory, { recursive: true, force: true });
}
