import { NestFactory } from "@nestjs/core";
import { FastifyAdapter, type NestFastifyApplication } from "@nestjs/platform-fastify";
import { AppModule } from "./app.module";
import { listenAddress } from "./listen-address";

/** Starts the control plane; SIGTERM and SIGINT end it after the requests under way. */
async function bootstrap(): Promise<void> {
  const address = listenAddress(process.env);
  const app = await NestFactory.create<NestFastifyApplication>(AppModule, new FastifyAdapter());
  // An orderly end is exit code 0, as supervisors expect, not the signal that asked for it.
  app.enableShutdownHooks([], { useProcessExit: true });
  await app.listen(address);
}

bootstrap().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
});
