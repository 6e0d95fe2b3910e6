import { Readable } from "node:stream";
import {
  Controller,
  HttpCode,
  Inject,
  Req,
  RequestMapping,
  RequestMethod,
  Res,
  type Type,
} from "@nestjs/common";
import { ValidationError, type ApiMethod } from "@stratum-hq/core";
import { RequireScope, Stratum } from "@stratum-hq/lib";
import type { FastifyReply, FastifyRequest } from "fastify";
import { answerOf, nextLink } from "./answer";
import type { ApiRoute, ApiRoutes } from "./api-route";
import { callArguments } from "./call-arguments";
import { planOf, queryOf } from "./dry-run";
import { entityTag, isKnown, withExpectedVersion } from "./entity-tags";
import { queryValues } from "./query-values";
import { checked, dtoOf } from "./request-dto";
import { API_BASE, routePath } from "./route-path";

type Call = (...args: readonly unknown[]) => Promise<unknown>;
type Handler = (
  this: { readonly stratum: Stratum },
  request: FastifyRequest,
  reply: FastifyReply,
) => Promise<unknown>;

function bodyOf(body: unknown): Readonly<Record<string, unknown>> {
  if (body === undefined) return {};
  if (typeof body === "object" && body !== null && !Array.isArray(body)) {
    return body as Readonly<Record<string, unknown>>;
  }
  throw new ValidationError("body", [{ path: "", message: "expected a JSON object" }]);
}

/** Answers with the tag of what can be read again, and without its text where the client has it. */
function tagged(
  body: unknown,
  { effect }: ApiMethod,
  request: FastifyRequest,
  reply: FastifyReply,
): string | undefined {
  const text = JSON.stringify(body);
  void reply.type("application/json; charset=utf-8");
  if (request.method !== "GET" || effect !== "reader") return text;
  const tag = entityTag(body, text);
  void reply.header("ETag", tag).header("Cache-Control", "private, no-cache");
  if (!isKnown(tag, request.headers["if-none-match"])) return text;
  void reply.status(304).removeHeader("Content-Type");
  return undefined;
}

/** Reads a request, calls the method, and answers with its result. */
function handlerOf(name: string, method: ApiMethod, route: ApiRoute): Handler {
  const querySchema = queryOf(method, route);
  const queryDto = querySchema && dtoOf(querySchema);
  const bodyDto = route.body && dtoOf(route.body);
  return async function (request, reply) {
    const sent = {
      query: queryValues(request.query as Record<string, unknown>, querySchema),
      body: bodyOf(request.body),
    };
    const input = withExpectedVersion(sent, route, request.headers["if-match"]);
    checked(queryDto, input.query, "query");
    checked(bodyDto, input.body, "body");
    const { dry_run: isDry, ...query } = input.query;
    const path = request.params as Record<string, unknown>;
    const args = callArguments(method, { path, query, body: input.body });
    const call = async (): Promise<unknown> =>
      ((this.stratum as unknown as Record<string, Call>)[name] as Call).apply(this.stratum, args);
    if (isDry === true) {
      void reply.status(200);
      return planOf(this.stratum, method, call);
    }
    const result = await call();
    if (method.stream === true) {
      void reply.type("application/x-ndjson; charset=utf-8");
      return Readable.from(result as AsyncIterable<Uint8Array>);
    }
    const answer = answerOf(method, result);
    void reply.status(answer.status);
    const link = nextLink(request.url, answer.body);
    if (link !== null) void reply.header("Link", link);
    if (answer.body === undefined) return undefined;
    return tagged(answer.body, method, request, reply);
  };
}

/** A controller with a handler for each method of a feature: its path, its status and its scopes are the table's. */
export function apiController({ tag, methods, routes }: ApiRoutes): Type {
  @Controller(API_BASE)
  class ApiController {
    constructor(@Inject(Stratum) readonly stratum: Stratum) {}
  }
  Object.defineProperty(ApiController, "name", { value: `${tag.replaceAll(/\W/g, "")}Controller` });
  const { prototype } = ApiController;
  for (const [name, method] of Object.entries(methods)) {
    const [verb, path] = method.http.split(" ") as [keyof typeof RequestMethod, string];
    Object.defineProperty(prototype, name, {
      value: handlerOf(name, method, routes[name] as ApiRoute),
      writable: true,
      configurable: true,
    });
    const descriptor = Object.getOwnPropertyDescriptor(prototype, name) as PropertyDescriptor;
    Req()(prototype, name, 0);
    Res({ passthrough: true })(prototype, name, 1);
    const decorators: MethodDecorator[] = [
      RequestMapping({ path: routePath(path), method: RequestMethod[verb] }),
      HttpCode(method.status),
    ];
    if (method.scope !== "none")
      decorators.push(RequireScope(method.scope, ...(method.alsoScopes ?? [])));
    for (const decorate of decorators) decorate(prototype, name, descriptor);
  }
  return ApiController;
}
