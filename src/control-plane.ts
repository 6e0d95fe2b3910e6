import { NestFactory } from "@nestjs/core";
import type { NestFastifyApplication } from "@nestjs/platform-fastify";
import type { StratumOptions } from "@stratum-hq/lib";
import { pino, type Logger } from "pino";
import { ControlPlaneModule } from "./control-plane.module";
import type { Environment } from "./environment/environment";
import { serveDocs } from "./openapi/serve-docs";
import { browserHeaders } from "./server/browser-headers";
import { NestLogger } from "./server/nest-logger";
import { logRequests } from "./server/request-log";
import { serverAdapter } from "./server/server-adapter";

/**
 * Makes the control plane, ready to listen.
 *
 * @param stratum the library's options
 */
export async function createControlPlane(
  environment: Environment,
  stratum: StratumOptions,
  logger: Logger = pino({ level: environment.LOG_LEVEL }),
): Promise<NestFastifyApplication> {
  const app = await NestFactory.create<NestFastifyApplication>(
    ControlPlaneModule.forRoot(environment, stratum),
    serverAdapter(environment, logger),
    { bodyParser: false, logger: new NestLogger(logger), abortOnError: false },
  );
  const server = app.getHttpAdapter().getInstance();
  logRequests(server);
  await browserHeaders(server, environment);
  await serveDocs(server);
  return app;
}
