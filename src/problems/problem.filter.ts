import {
  Catch,
  HttpException,
  Logger,
  type ArgumentsHost,
  type ExceptionFilter,
} from "@nestjs/common";
import {
  InternalError,
  MalformedRequestError,
  MethodNotAllowedError,
  PayloadTooLargeError,
  RouteNotFoundError,
  StratumError,
  UnsupportedMediaTypeError,
} from "@stratum-hq/core";
import { problemHeaders, problemOf, type Problem } from "@stratum-hq/lib";
import type { FastifyReply, FastifyRequest } from "fastify";
import { allowedMethods } from "../server/routes-of-server";

const SERVER_ERROR = 500;
const UNREADABLE =
  "The request cannot be read. Send a URL that is valid, and JSON that is complete and has its true length.";

/** The status of Nest's errors, which those of Fastify and of its parsers have become before they come here. */
function statusOf(error: unknown): number {
  if (error instanceof HttpException) return error.getStatus();
  const { statusCode } = (error ?? {}) as { readonly statusCode?: unknown };
  return typeof statusCode === "number" ? statusCode : SERVER_ERROR;
}

/** What the client is told of an error that is not Stratum's. */
export function translated(error: unknown, request: FastifyRequest): StratumError {
  if (error instanceof StratumError) return error;
  const status = statusOf(error);
  switch (status) {
    case 404: {
      const allowed = allowedMethods(request.server, request.url);
      return allowed.length === 0 ? new RouteNotFoundError() : new MethodNotAllowedError(allowed);
    }
    case 413:
      return new PayloadTooLargeError(error);
    case 415:
      return new UnsupportedMediaTypeError(error);
    default:
      if (status >= SERVER_ERROR || status < 400) return new InternalError(error);
      return new MalformedRequestError(UNREADABLE, error);
  }
}

/** Answers an error, on the reply of the request that it came of. */
export function answerProblem(
  thrown: unknown,
  request: FastifyRequest,
  reply: FastifyReply,
): Problem {
  const error = translated(thrown, request);
  const [instance = ""] = request.url.split("?", 1);
  const problem = problemOf(error, { instance, request_id: request.id });
  const { status } = problem;
  if (reply.raw.headersSent) {
    // The client was told of success already: what it reads must not look whole.
    reply.raw.destroy();
    return problem;
  }
  void reply
    .status(status)
    .headers(problemHeaders(error))
    .header("Content-Type", "application/problem+json; charset=utf-8")
    .send(JSON.stringify(problem));
  return problem;
}

/** Answers every error of the process as problem+json (RFC 9457), whoever threw it. */
@Catch()
export class ProblemFilter implements ExceptionFilter {
  readonly #logger = new Logger("Problem");

  catch(thrown: unknown, host: ArgumentsHost): void {
    const http = host.switchToHttp();
    const reply = http.getResponse<FastifyReply>();
    const { status } = answerProblem(thrown, http.getRequest<FastifyRequest>(), reply);
    if (status < SERVER_ERROR) return;
    const { cause = thrown } = (thrown ?? {}) as { readonly cause?: unknown };
    this.#logger.error(cause);
  }
}
