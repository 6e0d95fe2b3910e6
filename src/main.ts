#!/usr/bin/env node
import type { NestFastifyApplication } from "@nestjs/platform-fastify";
import { FirstKeyService } from "@stratum-hq/lib";
import { createControlPlane } from "./control-plane";
import { openDatabase, type OpenDatabase } from "./database/open-database";
import { readEnvironment, type Environment } from "./environment/environment";
import { greeting } from "./greeting";
import { drain } from "./server/closing";

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

/** Answers the requests under way, then closes everything. An orderly end is exit code 0, as supervisors expect. */
function endOnSignals(app: NestFastifyApplication, database: OpenDatabase): void {
  const end = async (): Promise<void> => {
    await drain(app.getHttpAdapter().getInstance());
    await app.close();
    await database.close();
    process.exit(0);
  };
  for (const signal of ["SIGINT", "SIGTERM"] as const) {
    process.once(signal, () => void end().catch(fail));
  }
}

async function serve(environment: Environment, database: OpenDatabase): Promise<void> {
  const app = await createControlPlane(environment, { pool: database.pool });
  endOnSignals(app, database);
  await app.listen({ host: environment.HOST, port: environment.PORT });
  const key = await firstKey(app.get(FirstKeyService), environment, database.embedded);
  process.stdout.write(greeting(await app.getUrl(), key, process.stdout.isTTY));
}

function fail(error: unknown): void {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}

/** Starts the control plane; SIGTERM and SIGINT end it. */
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

bootstrap().catch(fail);
