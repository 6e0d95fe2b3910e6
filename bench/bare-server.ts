// A server that does nothing but answer: node bare-server.js TEXT. It sends its port to its parent.
import type { AddressInfo } from "node:net";
import fastify from "fastify";

async function main(): Promise<void> {
  const [, , text = ""] = process.argv;
  const server = fastify();
  server.get("/", (_request, reply) => {
    void reply.type("application/json; charset=utf-8").send(text);
  });
  await server.listen({ port: 0, host: "127.0.0.1" });
  process.send?.((server.server.address() as AddressInfo).port);
  process.on("disconnect", () => process.exit(0));
}

void main();
