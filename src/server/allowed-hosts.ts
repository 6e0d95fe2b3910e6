import { HostNotAllowedError } from "@stratum-hq/core";
import type { FastifyInstance } from "fastify";
import type { Environment } from "../environment/environment";

const LOOPBACK = ["localhost", "127.0.0.1", "[::1]"];

const nameOf = (host: string): string => host.replace(/:\d*$/, "").toLowerCase();

/**
 * The names that the server answers for: those of ALLOWED_HOSTS; else, where it listens on loopback alone, its names.
 * Null for any: who sets HOST has a proxy in front that knows its names.
 */
export function allowedHosts({ ALLOWED_HOSTS, HOST }: Environment): ReadonlySet<string> | null {
  if (ALLOWED_HOSTS !== undefined) return new Set(ALLOWED_HOSTS.map((name) => name.toLowerCase()));
  return LOOPBACK.includes(HOST) || HOST === "::1" ? new Set(LOOPBACK) : null;
}

/** Refuses requests to other names: a page of another site may have its own name point to this machine. */
export function checkHosts(server: FastifyInstance, environment: Environment): void {
  const allowed = allowedHosts(environment);
  if (allowed === null) return;
  server.addHook("onRequest", (request, _reply, done) => {
    const { host = "" } = request.headers;
    done(allowed.has(nameOf(host)) ? undefined : new HostNotAllowedError(host));
  });
}
