import type { ClientBase, Pool } from "pg";
import { connectionOf } from "../pg/pg-internals";

const ignore = (): void => undefined;

/** A text that is longer than any that JavaScript has, about 512 MB: pg fails while it takes the row apart. */
const TOO_LONG = "ERR_STRING_TOO_LONG";

const guarded = new WeakSet<object>();

/**
 * Breaks the connection on a row that cannot be read, which fails its statement. pg throws it where nobody can catch
 * it, and the process would end. Any other error is somebody else's, and goes on.
 */
export function surviveLongRows(client: ClientBase): void {
  const stream = connectionOf(client)?.stream;
  if (stream === undefined || guarded.has(stream)) return;
  guarded.add(stream);
  for (const read of stream.listeners("data") as ((chunk: Buffer) => void)[]) {
    stream.off("data", read);
    stream.on("data", (chunk: Buffer) => {
      try {
        read.call(stream, chunk);
      } catch (error) {
        if ((error as { code?: unknown }).code !== TOO_LONG) throw error;
        stream.destroy(error as Error);
      }
    });
  }
}

/**
 * Has the process outlive what happens to a pool's connections while nobody uses them: without a listener of the
 * pool's, a server that ends one ends the process. The pool drops such a connection by itself.
 *
 * @returns takes the listeners off again
 */
export function outlive(pool: Pool): () => void {
  pool.on("error", ignore).on("connect", surviveLongRows);
  return () => void pool.off("error", ignore).off("connect", surviveLongRows);
}
