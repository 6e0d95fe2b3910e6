import swagger from "@fastify/swagger";
import swaggerUi from "@fastify/swagger-ui";
import type { FastifyInstance } from "fastify";
import document from "./openapi.json";

/** The pages load nothing of other hosts, and run what is served beside them alone; they style some elements inline. */
const CSP = {
  "default-src": ["'none'"],
  "base-uri": ["'none'"],
  "connect-src": ["'self'"],
  "form-action": ["'none'"],
  "frame-ancestors": ["'none'"],
  "img-src": ["'self'", "data:"],
  "script-src": ["'self'"],
  "style-src": ["'self'", "'unsafe-inline'"],
};

/**
 * Serves the OpenAPI document at /api/openapi.json, and pages that show it at /api/docs. The pages ask no other
 * host for anything.
 */
export async function serveDocs(server: FastifyInstance): Promise<void> {
  await server.register(swagger, {
    mode: "static",
    specification: { document: document as never },
  });
  await server.register(swaggerUi, {
    routePrefix: "/api/docs",
    staticCSP: CSP,
    uiConfig: { docExpansion: "none", persistAuthorization: false, validatorUrl: null },
    theme: { title: "Stratum API" },
  });
  server.get("/api/openapi.json", (_request, reply) => {
    void reply.header("Cache-Control", "private, no-cache").send(document);
  });
}
