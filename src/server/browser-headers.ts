import cors from "@fastify/cors";
import helmet from "@fastify/helmet";
import type { FastifyInstance } from "fastify";
import type { Environment } from "../environment/environment";

/** What a page of another site may read of a response. */
const EXPOSED = [
  "ETag",
  "Link",
  "Location",
  "RateLimit",
  "RateLimit-Policy",
  "Retry-After",
  "X-Request-Id",
];

/** Tells browsers what they may do with responses: nothing, but for the sites of CORS_ORIGINS. */
export async function browserHeaders(
  server: FastifyInstance,
  { CORS_ORIGINS = [] }: Environment,
): Promise<void> {
  await server.register(helmet, {
    contentSecurityPolicy: {
      useDefaults: false,
      directives: { "default-src": ["'none'"], "frame-ancestors": ["'none'"] },
    },
    // Whether there is TLS in front, the proxy knows that ends it.
    strictTransportSecurity: false,
  });
  if (CORS_ORIGINS.length === 0) return;
  await server.register(cors, {
    origin: CORS_ORIGINS,
    exposedHeaders: EXPOSED,
    maxAge: 600,
    methods: ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"],
  });
}
