import { Catch, Logger, type ArgumentsHost, type ExceptionFilter } from "@nestjs/common";
import { HttpAdapterHost } from "@nestjs/core";
import { StratumError } from "@stratum-hq/core";
import { callerInContext } from "../context/caller";
import { problemHeaders, problemOf } from "./problem";

const SERVER_ERROR = 500;

/**
 * Answers Stratum's errors as problem+json (RFC 9457). Without it Nest answers the same status, and the message
 * as its own errors have it. `{ provide: APP_FILTER, useClass: StratumExceptionFilter }`.
 */
@Catch(StratumError)
export class StratumExceptionFilter implements ExceptionFilter<StratumError> {
  readonly #logger = new Logger(StratumExceptionFilter.name);

  constructor(private readonly host: HttpAdapterHost) {}

  catch(error: StratumError, host: ArgumentsHost): void {
    if (host.getType() !== "http") throw error;
    const { httpAdapter } = this.host;
    const http = host.switchToHttp();
    const url = String(httpAdapter.getRequestUrl(http.getRequest()));
    const request_id = callerInContext()?.request_id;
    const problem = problemOf(error, {
      instance: url.split("?", 1)[0] ?? url,
      ...(request_id == null ? {} : { request_id }),
    });
    if (problem.status >= SERVER_ERROR) this.#logger.error(error.message, error.stack);
    const response: unknown = http.getResponse();
    if (httpAdapter.isHeadersSent(response) === true) {
      httpAdapter.end(response);
      return;
    }
    for (const header of Object.entries(problemHeaders(error)))
      httpAdapter.setHeader(response, ...header);
    httpAdapter.setHeader(response, "Content-Type", "application/problem+json");
    httpAdapter.reply(response, JSON.stringify(problem), problem.status);
  }
}
