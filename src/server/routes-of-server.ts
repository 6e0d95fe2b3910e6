import type { FastifyInstance } from "fastify";

/** The methods and paths that a server has routes for. */
const routes = new WeakMap<object, Map<string, Set<string>>>();

/** Takes note of each route that a server gets from now on. */
export function noteRoutes(server: FastifyInstance): void {
  const paths = new Map<string, Set<string>>();
  routes.set(server.server, paths);
  server.addHook("onRoute", ({ method, url }) => {
    const methods = paths.get(url) ?? new Set();
    for (const each of [method].flat()) methods.add(each);
    paths.set(url, methods);
  });
}

/** Every route of a server: `GET /api/v1/tenants/:id`. */
export function routesOf(server: FastifyInstance): string[] {
  const paths = [...(routes.get(server.server) ?? [])];
  return paths.flatMap(([path, methods]) => [...methods].map((method) => `${method} ${path}`));
}

const isParameter = (segment: string | undefined): boolean => segment?.startsWith(":") === true;

function matches(path: string, segments: readonly string[]): boolean {
  const pattern = path.split("/");
  return (
    pattern.length === segments.length &&
    pattern.every((each, index) =>
      isParameter(each) ? segments[index] !== "" : each === segments[index],
    )
  );
}

/** The methods that the path of a URL has; none where no route has it. */
export function allowedMethods(server: FastifyInstance, url: string): string[] {
  const segments = (url.split("?", 1)[0] ?? "").split("/");
  const paths = [...(routes.get(server.server) ?? [])];
  const found = paths.filter(([path]) => matches(path, segments)).flatMap(([, each]) => [...each]);
  return [...new Set(found)].sort();
}
