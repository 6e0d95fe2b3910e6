#!/usr/bin/env node
import { FirstKeyService } from "@stratum-hq/lib";
import { createControlPlane } from "./control-plane";
import { openDatabase, type OpenDatabase } from "./database/open-database";
import { readEnvironment, type Environment } from "./environment/environment";
import { greeting } from "./greeting";

/** The key that all others come from: the operator's, or one for the database that the process brought along. */
async function firstKey(
  service: FirstKeyService,
  { STRATUM_BOOTSTRAP_KEY: given }: Environment,
  embedded: boolean,
): Promise<string | null> {
  if (given !== undefined) {
    await service.install(given);
    return null;
  }
  return embedded ? ((await service.create())?.plaintext_key ?? null) : null;
}

async function serve(environment: Environment, database: OpenDatabase): Promise<void> {
  const app = await createControlPlane(environment, { pool: database.pool });
  // An orderly end is exit code 0, as supervisors expect, not the signal that asked for it.
  app.enableShutdownHooks([], { useProcessExit: true });
  app
    .getHttpAdapter()
    .getInstance()
    .addHook("onClose", () => database.close());
  await app.listen({ host: environment.HOST, port: environment.PORT });
  const key = await firstKey(app.get(FirstKeyService), environment, database.embedded);
  process.stdout.write(greeting(await app.getUrl(), key, process.stdout.isTTY));
}

/** Starts the control plane; SIGTERM and SIGINT end it after the requests under way. */
async function bootstrap(): Promise<void> {
  const environment = readEnvironment(process.env);
  const database = await openDatabase(environment);
  try {
    await serve(environment, database);
  } catch (error) {
    await database.close();
    throw error;
  }
}

bootstrap().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
});
