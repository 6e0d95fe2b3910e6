import { DEFAULT_PAGE_SIZE, type ApiMethod, type ArgumentPlace } from "@stratum-hq/core";

/** The parts of a request that arguments are taken from. */
export interface RequestInput {
  readonly path: Readonly<Record<string, unknown>>;
  readonly query: Readonly<Record<string, unknown>>;
  readonly body: Readonly<Record<string, unknown>>;
}

type Members = Readonly<Record<string, unknown>>;

/** The names that arguments of their own have in one part of the request. */
function namesIn(places: readonly ArgumentPlace[], part: "query" | "field"): ReadonlySet<string> {
  return new Set(places.flatMap((place) => (place.in === part ? [place.name] : [])));
}

function without(members: Members, names: ReadonlySet<string>): Members {
  return Object.fromEntries(Object.entries(members).filter(([name]) => !names.has(name)));
}

/** The arguments of a method, from the places where its table has them travel. */
export function callArguments(method: ApiMethod, { path, query, body }: RequestInput): unknown[] {
  const { args, list } = method;
  return args.map((place): unknown => {
    switch (place.in) {
      case "path":
        return path[place.name];
      case "query":
        return query[place.name];
      case "field":
        return body[place.name];
      case "queries": {
        const rest = without(query, namesIn(args, "query"));
        // What can return all there is, or a page, returns a page.
        return list === "either" ? { limit: DEFAULT_PAGE_SIZE, ...rest } : rest;
      }
      default:
        return without(body, namesIn(args, "field"));
    }
  });
}
