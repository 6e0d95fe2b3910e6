/** Where the API is. */
export const API_BASE = "/api/v1";

/** The path of a method as Nest and Fastify write it: `/tenants/:id`. */
export function routePath(path: string): string {
  return path.replaceAll(/\{(\w+)\}/g, ":$1");
}
