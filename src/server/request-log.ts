import { currentActor } from "@stratum-hq/lib";
import type { FastifyInstance, FastifyRequest } from "fastify";

const actors = new WeakMap<FastifyRequest, { actor_id: string; tenant_id?: string | null }>();

/** Writes a line for each request: who asked for what, and what came of it. No body and no header is in it. */
export function logRequests(server: FastifyInstance): void {
  server.addHook("preHandler", (request, _reply, done) => {
    const actor = currentActor();
    if (actor !== null) {
      const { actor_id, tenant_id } = actor;
      actors.set(request, { actor_id, ...(tenant_id == null ? {} : { tenant_id }) });
    }
    done();
  });
  server.addHook("onResponse", (request, reply, done) => {
    const [path] = request.url.split("?", 1);
    request.log.info(
      {
        ...actors.get(request),
        method: request.method,
        path,
        status: reply.statusCode,
        ms: Math.round(reply.elapsedTime * 10) / 10,
      },
      "request",
    );
    done();
  });
}
