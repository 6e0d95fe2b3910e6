import { Injectable, type OnApplicationBootstrap } from "@nestjs/common";
import { HttpAdapterHost } from "@nestjs/core";
import { STRATUM_API } from "@stratum-hq/core";
import type { FastifyInstance } from "fastify";
import { API_BASE, routePath } from "../api/route-path";
import { routesOf } from "./routes-of-server";

/** What is served beside the API, to whoever asks. */
const OPEN_ROUTES =
  /^(OPTIONS \*|GET (\/health\/(live|ready)|\/api\/openapi\.json|\/api\/docs(\/.*)?))$/;

const isOpen = (route: string): boolean => OPEN_ROUTES.test(route);

function apiRoute(http: string): string {
  const [verb = "", path = ""] = http.split(" ");
  return `${verb} ${API_BASE}${routePath(path)}`;
}

/** The start ends where the server's routes are not those of the table: nobody said who may use another. */
@Injectable()
export class RouteCheck implements OnApplicationBootstrap {
  constructor(private readonly host: HttpAdapterHost) {}

  /** @throws Error naming the routes */
  onApplicationBootstrap(): void {
    const declared = new Set(Object.values(STRATUM_API).map(({ http }) => apiRoute(http)));
    const server: FastifyInstance = this.host.httpAdapter.getInstance();
    // Fastify answers HEAD wherever it answers GET.
    const served = new Set(routesOf(server).map((route) => route.replace(/^HEAD /, "GET ")));
    const unknown = [...served].filter((route) => !declared.has(route) && !isOpen(route));
    const missing = [...declared].filter((route) => !served.has(route));
    if (unknown.length === 0 && missing.length === 0) return;
    throw new Error(
      `STRATUM_API declares no ${unknown.join(", ") || "other"} route, and src/features.ts lacks ` +
        `${missing.join(", ") || "none"}. Add what is missing, with its scope.`,
    );
  }
}
