import { Injectable, type OnApplicationBootstrap } from "@nestjs/common";
import { HttpAdapterHost } from "@nestjs/core";
import { STRATUM_API } from "@stratum-hq/core";
import type { FastifyInstance } from "fastify";
import { API_BASE, routePath } from "../api/route-path";
import { routesOf } from "./routes-of-server";

/** What is served beside the API, to whoever asks. */
const OPEN_ROUTES = ["GET /health/live"];

function apiRoute(http: string): string {
  const [verb = "", path = ""] = http.split(" ");
  return `${verb} ${API_BASE}${routePath(path)}`;
}

/** The start ends where the server has a route that the table of the API does not know: nobody said who may use it. */
@Injectable()
export class RouteCheck implements OnApplicationBootstrap {
  constructor(private readonly host: HttpAdapterHost) {}

  /** @throws Error naming the routes */
  onApplicationBootstrap(): void {
    const known = new Set([
      ...OPEN_ROUTES,
      ...Object.values(STRATUM_API).map(({ http }) => apiRoute(http)),
    ]);
    const server: FastifyInstance = this.host.httpAdapter.getInstance();
    // Fastify answers HEAD wherever it answers GET.
    const unknown = routesOf(server).filter((route) => !known.has(route.replace(/^HEAD /, "GET ")));
    if (unknown.length === 0) return;
    throw new Error(
      `No entry of STRATUM_API declares ${unknown.join(", ")}. Add one, with its scope.`,
    );
  }
}
