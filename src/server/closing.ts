import { ServerClosingError } from "@stratum-hq/core";
import type { FastifyInstance } from "fastify";

/** Milliseconds that requests under way have, once the server is to end. */
const DRAIN_MS = 25_000;

const closing = new WeakSet<object>();

/** From {@link drain} on, connections that are still open get no new requests through. */
export function refuseWhileClosing(server: FastifyInstance): void {
  server.addHook("onRequest", (_request, reply, done) => {
    if (!closing.has(server.server)) {
      done();
      return;
    }
    void reply.header("Connection", "close");
    done(new ServerClosingError());
  });
}

/** Takes no new connections and no new requests, and waits until those under way are answered. */
export async function drain(server: FastifyInstance): Promise<void> {
  const { server: http } = server;
  closing.add(http);
  const closed = new Promise<void>((done) => http.close(() => done()));
  http.closeIdleConnections();
  const timeout = setTimeout(() => http.closeAllConnections(), DRAIN_MS);
  await closed;
  clearTimeout(timeout);
}
