import { createServer } from "node:net";

/** The address of every server: a number, since /etc/hosts need not know `localhost`. */
export const ADDRESS = "127.0.0.1";

function listen(port: number): Promise<number | null> {
  return new Promise((done, fail) => {
    const server = createServer();
    server.on("error", (error: NodeJS.ErrnoException) =>
      error.code === "EADDRINUSE" ? done(null) : fail(error),
    );
    server.listen({ host: ADDRESS, port }, () => {
      const address = server.address();
      server.close(() => done(typeof address === "object" ? (address?.port ?? null) : null));
    });
  });
}

/** A port that was free just now. */
export async function freePort(): Promise<number> {
  const port = await listen(0);
  if (port === null) throw new Error("the system gave out a port that is in use");
  return port;
}

export async function isFree(port: number): Promise<boolean> {
  return (await listen(port)) !== null;
}
