import type { Connection, Pool, Submittable } from "pg";

/** `COPY … TO STDOUT` through pg, which knows the protocol's messages and has no method for them. */
class CopyOut implements Submittable {
  bytes = 0;

  constructor(
    private readonly text: string,
    private readonly done: (error?: Error) => void,
  ) {}

  submit(connection: Connection): void {
    (connection as unknown as { query(text: string): void }).query(this.text);
  }

  handleCopyData({ chunk }: { chunk: Buffer }): void {
    this.bytes += chunk.length;
  }

  handleError(error: Error): void {
    this.done(error);
  }

  handleReadyForQuery(): void {
    this.done();
  }

  handleCommandComplete(): void {
    // ReadyForQuery follows.
  }
}

/** Runs the statement; how many bytes came. */
export async function copyOut(pool: Pool, text: string): Promise<number> {
  const client = await pool.connect();
  try {
    return await new Promise<number>((resolve, reject) => {
      const copy: CopyOut = new CopyOut(text, (error) =>
        error === undefined ? resolve(copy.bytes) : reject(error),
      );
      client.query(copy);
    });
  } finally {
    client.release();
  }
}
