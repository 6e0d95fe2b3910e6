import { connect, type Socket } from "node:net";

/** So many requests of one kind, so many at once. */
export interface Load {
  readonly port: number;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly requests: number;
  readonly connections: number;
  /** What each answer has to be; 200 where left out. */
  readonly status?: number;
}

const BODY_LENGTH = /content-length: (\d+)/i;

function textOf({ path, headers }: Load): string {
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}`);
  return [`GET ${path} HTTP/1.1`, "host: localhost", ...lines, "", ""].join("\r\n");
}

/** Whether a whole answer has come. A client of Node's own would cost more than the server that is measured. */
function isWhole(answer: string): boolean {
  const head = answer.indexOf("\r\n\r\n");
  // It has no body, whatever it says of the one that it stands for.
  if (answer.startsWith("HTTP/1.1 304")) return head >= 0;
  const [, length] = BODY_LENGTH.exec(answer) ?? [];
  return head >= 0 && length !== undefined && answer.length >= head + 4 + Number(length);
}

/** Opens the connections of a load once, and answers a function that sends it over them. */
export async function loadOf(load: Load): Promise<() => Promise<void>> {
  const sockets = await Promise.all(
    Array.from({ length: load.connections }, async () => {
      const socket = connect(load.port, "127.0.0.1");
      await new Promise<void>((connected) => socket.once("connect", connected));
      return socket.setNoDelay(true).unref();
    }),
  );
  return async () => {
    for (const socket of sockets) socket.ref();
    let left = load.requests;
    await Promise.all(sockets.map((socket) => converse(socket, load, () => left-- > 0)));
    for (const socket of sockets) socket.unref();
  };
}

/** Sends a request after each answer, for as long as there is one. */
function converse(socket: Socket, load: Load, more: () => boolean): Promise<void> {
  const text = textOf(load);
  const expected = `HTTP/1.1 ${load.status ?? 200}`;
  return new Promise((done, failed) => {
    let answer = "";
    const next = (): void => {
      if (more()) {
        socket.write(text);
        return;
      }
      socket.removeAllListeners("data");
      done();
    };
    socket.on("data", (chunk) => {
      answer += chunk.toString("latin1");
      if (!isWhole(answer)) return;
      if (!answer.startsWith(expected)) failed(new Error(answer));
      answer = "";
      next();
    });
    next();
  });
}
