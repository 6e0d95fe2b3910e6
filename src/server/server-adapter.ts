import { randomUUID } from "node:crypto";
import type { IncomingMessage } from "node:http";
import type { Socket } from "node:net";
import { FastifyAdapter } from "@nestjs/platform-fastify";
import {
  HeadersTooLargeError,
  MalformedRequestError,
  RequestTimeoutError,
  type StratumError,
} from "@stratum-hq/core";
import { problemOf } from "@stratum-hq/lib";
import {
  LogController,
  type FastifyInstance,
  type FastifyReply,
  type FastifyRequest,
} from "fastify";
import type { Logger } from "pino";
import type { Environment } from "../environment/environment";
import { answerProblem } from "../problems/problem.filter";
import { checkHosts } from "./allowed-hosts";
import { refuseWhileClosing } from "./closing";
import { noteRoutes } from "./routes-of-server";

/** Milliseconds that a client has for its headers and body, and that it may leave a connection idle. */
const TIMEOUTS = { requestTimeout: 30_000, connectionTimeout: 60_000, keepAliveTimeout: 65_000 };

/** Longer than any key, escaped. */
const MAX_PARAMETER_LENGTH = 1024;

const WELL_FORMED_ID = /^[A-Za-z0-9._:-]{1,128}$/;

/** The id that the client gave the request, else a new one. */
function requestIdOf({ headers }: IncomingMessage): string {
  const given = headers["x-request-id"];
  return typeof given === "string" && WELL_FORMED_ID.test(given) ? given : randomUUID();
}

function unreadable({ code }: NodeJS.ErrnoException): StratumError {
  if (code === "HPE_HEADER_OVERFLOW") return new HeadersTooLargeError();
  if (code === "ERR_HTTP_REQUEST_TIMEOUT") return new RequestTimeoutError();
  return new MalformedRequestError("This is no request of HTTP/1.1.");
}

/** Answers what is no request on the bare connection, which then ends. */
function refuse(error: NodeJS.ErrnoException, socket: Socket): void {
  if (!socket.writable || error.code === "ECONNRESET") {
    socket.destroy();
    return;
  }
  const problem = problemOf(unreadable(error));
  const body = JSON.stringify(problem);
  const head = [
    `HTTP/1.1 ${problem.status} ${problem.title}`,
    "Content-Type: application/problem+json; charset=utf-8",
    `Content-Length: ${Buffer.byteLength(body)}`,
    "Cache-Control: private, no-store",
    "Connection: close",
  ];
  socket.end(`${head.join("\r\n")}\r\n\r\n${body}`);
}

/** JSON alone, and no body as none: what sends `Content-Type` without a body means no body. */
function readJsonOnly(server: FastifyInstance): void {
  server.removeAllContentTypeParsers();
  const parse = server.getDefaultJsonParser("ignore", "ignore");
  server.addContentTypeParser("application/json", { parseAs: "string" }, (request, body, done) => {
    if (body === "") done(null, undefined);
    else void parse(request, body as string, done);
  });
}

/** The HTTP server: what it accepts, for how long, and what every response says of itself. */
export function serverAdapter(environment: Environment, logger: Logger): FastifyAdapter {
  const { BODY_LIMIT, TRUST_PROXY } = environment;
  const adapter = new FastifyAdapter({
    ...TIMEOUTS,
    bodyLimit: BODY_LIMIT,
    clientErrorHandler: refuse,
    forceCloseConnections: "idle",
    frameworkErrors: (error: unknown, request: FastifyRequest, reply: FastifyReply) => {
      answerProblem(error, request, reply);
    },
    genReqId: requestIdOf,
    logController: new LogController({
      disableRequestLogging: true,
      requestIdLogLabel: "request_id",
    }),
    loggerInstance: logger,
    // Nothing of what is refused while it closes is Fastify's own to answer: problems are.
    return503OnClosing: false,
    routerOptions: { maxParamLength: MAX_PARAMETER_LENGTH },
    ...(TRUST_PROXY === undefined ? {} : { trustProxy: TRUST_PROXY }),
  });
  const server = adapter.getInstance<FastifyInstance>();
  noteRoutes(server);
  readJsonOnly(server);
  server.addHook("onRequest", (request, reply, done) => {
    void reply.header("X-Request-Id", request.id).header("Cache-Control", "private, no-store");
    done();
  });
  refuseWhileClosing(server);
  checkHosts(server, environment);
  return adapter;
}
