import { Catch, Logger, type ArgumentsHost, type ExceptionFilter } from "@nestjs/common";
import { HttpAdapterHost } from "@nestjs/core";
import { StratumError } from "@stratum-hq/core";
import { problemOf } from "./problem";

const UNAUTHORIZED = 401;
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
    const problem = problemOf(error);
    if (problem.status >= SERVER_ERROR) this.#logger.error(error.message, error.stack);
    const { httpAdapter } = this.host;
    const response: unknown = host.switchToHttp().getResponse();
    if (httpAdapter.isHeadersSent(response) === true) {
      httpAdapter.end(response);
      return;
    }
    if (problem.status === UNAUTHORIZED)
      httpAdapter.setHeader(response, "WWW-Authenticate", "Bearer");
    httpAdapter.setHeader(response, "Content-Type", "application/problem+json");
    httpAdapter.reply(response, JSON.stringify(problem), problem.status);
  }
}
