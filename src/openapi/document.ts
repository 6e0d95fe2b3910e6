import { ERROR_CATALOGUE, type ApiMethod, type ErrorCode } from "@stratum-hq/core";
import { z } from "zod";
import type { ApiRoute, ApiRoutes } from "../api/api-route";
import { canDryRun, dryRunPlanSchema, queryOf } from "../api/dry-run";
import { API_BASE } from "../api/route-path";
import { JsonSchemas, type JsonSchema } from "./json-schemas";
import type { MethodComment } from "./method-comment";
import { PROBLEM_SCHEMA } from "./problem-schema";

/** What every operation may answer. */
const COMMON_ERRORS: readonly ErrorCode[] = [
  "VALIDATION_ERROR",
  "MALFORMED_REQUEST",
  "UNAUTHORIZED",
  "RATE_LIMITED",
  "INTERNAL_ERROR",
  "DATABASE_UNAVAILABLE",
];

const DESCRIPTIONS = {
  200: "Done",
  201: "Created",
  204: "Done; there is no body",
  207: "Some items failed, each with its code",
} as const;

/** A response that is no problem. */
interface Success {
  readonly description: string;
  readonly content?: Readonly<Record<string, { readonly schema: JsonSchema }>>;
}

/** The response of a call, or of its dry run. */
function withPlan(success: Success | undefined, plan: JsonSchema): Success {
  const result = success?.content?.["application/json"]?.schema;
  const schema = result === undefined ? plan : { anyOf: [result, plan] };
  return {
    description:
      success === undefined
        ? "What it would do, with `dry_run=true`"
        : `${success.description}; with \`dry_run=true\`, what it would do`,
    content: { ...success?.content, "application/json": { schema } },
  };
}

const INTRODUCTION = `Every operation of Stratum. Send an API key or a JWT as \`Authorization: Bearer …\`, or the key as
\`X-API-Key\`. Errors are problem+json (RFC 9457); \`code\` tells them apart. What changes something takes \`dry_run=true\`, and then answers what it
would do.`;

type Members = Readonly<Record<string, unknown>>;

/** Writes the OpenAPI document of the routes: their shapes from their schemas, the rest from the table. */
export class OpenApiDocument {
  readonly #schemas = new JsonSchemas();

  constructor(
    private readonly features: readonly ApiRoutes[],
    private readonly comments: Readonly<Record<string, MethodComment>>,
    private readonly version: string,
  ) {}

  build(): Members {
    const paths: Record<string, Record<string, unknown>> = {};
    for (const { tag, methods, routes } of this.features) {
      for (const [name, method] of Object.entries(methods)) {
        const [verb = "", path = ""] = method.http.split(" ");
        const operation = this.operation(name, tag, method, routes[name] ?? {});
        paths[path] = { ...paths[path], [verb.toLowerCase()]: operation };
      }
    }
    return {
      openapi: "3.1.0",
      info: {
        title: "Stratum",
        version: this.version,
        description: INTRODUCTION,
        license: { name: "MIT", identifier: "MIT" },
      },
      servers: [{ url: API_BASE }],
      tags: [...new Set(this.features.map(({ tag }) => tag))].map((name) => ({ name })),
      security: [{ bearer: [] }, { apiKey: [] }],
      paths,
      components: {
        schemas: { ...this.#schemas.components, Problem: PROBLEM_SCHEMA },
        securitySchemes: {
          bearer: { type: "http", scheme: "bearer", description: "An API key, or a JWT." },
          apiKey: { type: "apiKey", in: "header", name: "X-API-Key" },
        },
      },
    };
  }

  private operation(name: string, tag: string, method: ApiMethod, route: ApiRoute): Members {
    const comment = this.comments[name];
    if (comment === undefined)
      throw new Error(`Say in a comment of core's contract what ${name} does.`);
    const scopes = method.scope === "none" ? [] : [method.scope, ...(method.alsoScopes ?? [])];
    const needs = scopes.map((scope) => `\`${scope}\``).join(", ");
    const body = route.documentedBody ?? route.body;
    return {
      operationId: name,
      tags: [tag],
      summary: comment.summary,
      description:
        needs === "" ? comment.description : `${comment.description}\n\nScopes: ${needs}.`,
      ...this.parameters(method, queryOf(method, route)),
      ...(body === undefined ? {} : { requestBody: this.body(body) }),
      responses: { ...this.answers(method, route), ...errorResponses(method, comment) },
    };
  }

  private parameters({ http }: ApiMethod, query: z.ZodObject | undefined): Members {
    const inPath = [...http.matchAll(/\{(\w+)\}/g)].map(([, name = ""]) => ({
      name,
      in: "path",
      required: true,
      schema:
        name === "id" || name.endsWith("_id")
          ? { type: "string", format: "uuid" }
          : { type: "string" },
    }));
    const fields = Object.entries(query?.shape ?? {}) as [string, z.ZodType][];
    const inQuery = fields.map(([name, field]) => ({
      name,
      in: "query",
      required: !field.safeParse(undefined).success,
      schema: this.#schemas.of(field, "input"),
    }));
    const parameters = [...inPath, ...inQuery];
    return parameters.length === 0 ? {} : { parameters };
  }

  private body(body: z.ZodObject): Members {
    const schema = this.#schemas.of(body, "input");
    const required = Object.values(body.shape).some(
      (field) => !(field as z.ZodType).safeParse(undefined).success,
    );
    return { required, content: { "application/json": { schema } } };
  }

  private answers(method: ApiMethod, route: ApiRoute): Members {
    const successes = this.successes(method, route);
    if (!canDryRun(method)) return successes;
    const plan = this.#schemas.of(dryRunPlanSchema, "output");
    return { ...successes, 200: withPlan(successes[200], plan) };
  }

  private successes(method: ApiMethod, { result }: ApiRoute): Readonly<Record<number, Success>> {
    const { batch, status, stream } = method;
    const description = DESCRIPTIONS[status];
    if (status === 204 || result === undefined) return { [status]: { description } };
    const schema = this.wrapped(method, this.#schemas.of(result, "output"));
    const type = stream === true ? "application/x-ndjson" : "application/json";
    const content = { [type]: { schema } };
    const answers: Record<number, Success> = { [status]: { description, content } };
    if (batch === true) answers[207] = { description: DESCRIPTIONS[207], content };
    return answers;
  }

  /** What travels of a result: a page of a list, a member around what is no object. */
  private wrapped({ list, wrap }: ApiMethod, schema: JsonSchema): JsonSchema {
    const object = (properties: Members) => ({
      type: "object",
      properties,
      required: Object.keys(properties),
      additionalProperties: false,
    });
    if (wrap !== undefined) return object({ [wrap]: schema });
    if (list === undefined) return schema;
    return object({
      data: { type: "array", items: schema },
      next_cursor: { type: ["string", "null"] },
      has_more: { type: "boolean" },
    });
  }
}

/** The problems of an operation, by their status. */
function errorResponses(method: ApiMethod, { errors }: MethodComment): Members {
  const codes = new Set([
    ...COMMON_ERRORS,
    ...(errors as ErrorCode[]),
    ...(method.scope === "none" ? [] : (["FORBIDDEN"] as const)),
    ...(method.absent === undefined ? [] : [method.absent]),
  ]);
  const byStatus = new Map<number, ErrorCode[]>();
  for (const code of [...codes].sort()) {
    const { status } = ERROR_CATALOGUE[code];
    byStatus.set(status, [...(byStatus.get(status) ?? []), code]);
  }
  return Object.fromEntries([...byStatus].map(([status, all]) => [status, problemResponse(all)]));
}

function problemResponse(codes: readonly ErrorCode[]): Members {
  const schema = {
    allOf: [{ $ref: "#/components/schemas/Problem" }],
    properties: { code: { enum: codes } },
  };
  return {
    description: codes.map((code) => `\`${code}\`: ${ERROR_CATALOGUE[code].summary}`).join("\n\n"),
    content: { "application/problem+json": { schema } },
  };
}
