import { connect, createServer } from "node:net";
import { EmbeddedPostgresError } from "./embedded-postgres.error";

/** The address of every server: a number, since /etc/hosts need not know `localhost`. */
export const ADDRESS = "127.0.0.1";

const ANSWER_TIMEOUT_MS = 2_000;
/** Frontend/backend protocol 3.0 (PostgreSQL manual, "Message Formats": StartupMessage). */
const PROTOCOL = 0x0003_0000;

/** Binds a port for a moment; 0 stands for any. Null where it cannot be had. */
function listen(port: number): Promise<number | null> {
  return new Promise((done, fail) => {
    const server = createServer();
    server.on("error", (error: NodeJS.ErrnoException) =>
      error.code === "EADDRINUSE" || error.code === "EACCES" ? done(null) : fail(error),
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

/** Whether a server could have the port just now. */
export async function isFree(port: number): Promise<boolean> {
  return (await listen(port)) !== null;
}

export function portInUse(port: number): EmbeddedPostgresError {
  return new EmbeddedPostgresError(
    "PORT_IN_USE",
    `Port ${port} is taken or needs privileges. Stop what listens there, or leave "port" out to get a free one.`,
  );
}

/**
 * Lets only the numbers of TCP ports pass.
 *
 * @throws EmbeddedPostgresError PORT_INVALID
 */
export function requireValid(port: number | undefined): void {
  if (port === undefined || (Number.isInteger(port) && port > 0 && port < 65_536)) return;
  throw new EmbeddedPostgresError(
    "PORT_INVALID",
    `Port ${port} is not a whole number from 1 to 65535. Leave "port" out to get a free one.`,
  );
}

/**
 * Whether a server on the port gets as far as asking for the password. A process that is stopped or
 * hangs still has an open port, so a connection alone says nothing.
 */
export function asksForPassword(port: number, user: string): Promise<boolean> {
  return new Promise((done) => {
    const socket = connect({ host: ADDRESS, port });
    const answer = (healthy: boolean) => {
      socket.destroy();
      done(healthy);
    };
    socket.setTimeout(ANSWER_TIMEOUT_MS, () => answer(false));
    socket.on("error", () => answer(false));
    socket.on("close", () => answer(false));
    socket.on("connect", () => socket.write(startupMessage(user)));
    // "R" is AuthenticationRequest; a server that starts, stops or is full answers "E".
    socket.on("data", (message) => answer(message.toString("latin1", 0, 1) === "R"));
  });
}

function startupMessage(user: string): Buffer {
  const parameters = Buffer.from(`user\0${user}\0database\0postgres\0\0`);
  const head = Buffer.alloc(8);
  head.writeInt32BE(head.length + parameters.length, 0);
  head.writeInt32BE(PROTOCOL, 4);
  return Buffer.concat([head, parameters]);
}
