import { Server as NetServer } from "node:net";
import { ServerClosingError } from "@stratum-hq/core";
import type { FastifyInstance } from "fastify";

/** Milliseconds that requests under way have, once the server is to end. */
const DRAIN_MS = 25_000;

/** Milliseconds that connections without a request stay open then. */
const GRACE_MS = 1000;

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

/**
 * Takes no new connections and no new requests, and waits until those under way are answered. Connections stay open for a
 * moment: a client that sends on one just then is told, where an end of the connection would leave it in doubt.
 */
export async function drain(server: FastifyInstance): Promise<void> {
  const { server: http } = server;
  closing.add(http);
  const closed = new Promise<void>((done) => {
    // The one of HTTP would end all idle connections at once.
    NetServer.prototype.close.call(http, () => done());
  });
  const since = performance.now();
  const end = setInterval(() => {
    if (performance.now() - since > DRAIN_MS) http.closeAllConnections();
    else if (performance.now() - since > GRACE_MS) http.closeIdleConnections();
  }, GRACE_MS / 10);
  await closed;
  clearInterval(end);
}
