import {
  ERROR_CATALOGUE,
  StratumError,
  STRATUM_API,
  type ApiMethod,
  type ErrorCode,
} from "@stratum-hq/core";
import type { Method } from "../support/cases";
import { OpenApiValidator } from "../support/openapi-validator";
import type { Target } from "./describe-contract";

type Members = Record<string, unknown>;

/** A request that the table makes of a call. */
export interface TableRequest {
  readonly verb: string;
  /** Path and query, below the base. */
  readonly url: string;
  readonly body: Members | undefined;
}

function isObject(value: unknown): value is Members {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function given(members: Members): Members {
  return Object.fromEntries(Object.entries(members).filter(([, value]) => value !== undefined));
}

/** Makes the request of a call, each argument where the table has it. */
export function requestOf(method: ApiMethod, args: readonly unknown[]): TableRequest {
  const [verb = "", template = ""] = method.http.split(" ");
  let path = template;
  let query: Members = {};
  let body: Members = {};
  method.args.forEach((place, index) => {
    const argument = args[index];
    if (place.in === "path") {
      path = path.replace(`{${place.name}}`, encodeURIComponent(String(argument)));
    } else if (place.in === "query") query[place.name] = argument;
    else if (place.in === "field") body[place.name] = argument;
    else if (place.in === "queries") query = { ...query, ...(argument ?? {}) };
    else if (isObject(argument)) body = { ...body, ...argument };
    else if (place.in === "bodyOrText" && argument !== undefined) body[place.name] = argument;
  });
  const parameters = new URLSearchParams(
    Object.entries(given(query)).map(([name, value]): [string, string] => [
      name,
      value === null ? "" : String(value as string | number | boolean),
    ]),
  );
  const isBodied = method.args.some(({ in: part }) => part.startsWith("b") || part === "field");
  return {
    verb,
    url: parameters.size === 0 ? path : `${path}?${parameters.toString()}`,
    body: isBodied ? given(body) : undefined,
  };
}

/** Sends a request to an API, with a key or without one. */
export function sendRequest(
  base: string,
  { verb, url, body }: TableRequest,
  key: string | null,
): Promise<Response> {
  return fetch(`${base}${url}`, {
    method: verb,
    headers: {
      ...(key === null ? {} : { Authorization: `Bearer ${key}` }),
      ...(body === undefined ? {} : { "Content-Type": "application/json" }),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
}

/** The error that a problem was. */
function errorOf(problem: unknown): StratumError {
  const { code, detail, details } = problem as {
    code: ErrorCode;
    detail?: string;
    details?: Members;
  };
  return new StratumError(code, detail ?? ERROR_CATALOGUE[code].summary, details);
}

/** What the method returned, which HTTP has wrapped. */
function resultOf({ wrap, list }: ApiMethod, body: unknown, args: readonly unknown[]): unknown {
  if (wrap !== undefined) return (body as Members)[wrap];
  const isPaged =
    list === "page" ||
    (list === "either" &&
      args.some((each) => isObject(each) && ("limit" in each || "cursor" in each)));
  return list === undefined || isPaged ? body : (body as Members)["data"];
}

/** What a response was, which has to be what the document says of it. */
async function bodyOf(name: string, response: Response, validator: OpenApiValidator) {
  const [type = ""] = (response.headers.get("content-type") ?? "").split(";");
  const text = await response.text();
  const items = type === "application/x-ndjson" ? text.split("\n").slice(0, -1) : [text];
  for (const item of items) {
    const problem = validator.problemOf(name, response.status, type, JSON.parse(item));
    if (problem !== null) throw new Error(problem);
  }
  return type === "application/x-ndjson" ? text : (JSON.parse(text) as unknown);
}

/** Calls the methods of an API over HTTP, as the table has them travel, and compares each body with its schema. */
export function overHttp(base: () => string, key: () => string): Target {
  const validator = new OpenApiValidator();
  return {
    name: "the control plane over HTTP",
    async call(name: Method, args) {
      const method: ApiMethod = STRATUM_API[name as keyof typeof STRATUM_API];
      const response = await sendRequest(base(), requestOf(method, args), key());
      // Where HTTP has an error for what is not there, the method answers whether it was.
      if (response.status === 204) return method.absent === undefined ? undefined : true;
      const answer = await bodyOf(name, response, validator);
      if (!response.ok) throw errorOf(answer);
      return method.stream === true ? answer : resultOf(method, answer, args);
    },
  };
}
