import type { ServerResponse } from "node:http";
import { Inject, Injectable } from "@nestjs/common";
import { HttpAdapterHost } from "@nestjs/core";
import { STRATUM_OPTIONS, type StratumOptions } from "../stratum-options";
import { FrameworkRequest, type RawRequest } from "./framework-request";
import { RequestContexts } from "./request-contexts";

type Next = () => void;

/** What is used of Fastify. */
interface FastifyInstance {
  addHook(
    name: "onRequest",
    hook: (request: RawRequest, reply: { raw: ServerResponse }, done: Next) => void,
  ): void;
}

/**
 * Has requests run in their context before anything else of the application does: middleware, guards,
 * interceptors and pipes all find it there. Nest's own middleware would come later, and costs Fastify half of
 * its throughput.
 */
@Injectable()
export class ContextMount {
  constructor(
    host: HttpAdapterHost,
    @Inject(STRATUM_OPTIONS) options: StratumOptions,
    private readonly contexts: RequestContexts,
  ) {
    // A test sets its adapter after the modules are built, NestFactory before.
    if (options.http !== undefined) host.init$.subscribe(() => this.mount(host));
  }

  private mount(host: HttpAdapterHost): void {
    // Nest types it as if every application had one; a microservice and an application context have none.
    const httpAdapter = host.httpAdapter as HttpAdapterHost["httpAdapter"] | null | undefined;
    if (httpAdapter == null) return;
    const open = (request: RawRequest, response: ServerResponse, next: Next): void =>
      this.contexts.open(new FrameworkRequest(request), response, next);
    if (httpAdapter.getType() !== "fastify") {
      httpAdapter.use(open);
      return;
    }
    httpAdapter
      .getInstance<FastifyInstance>()
      .addHook("onRequest", (request, reply, done) => open(request, reply.raw, done));
  }
}
