import type { ClientBase } from "pg";

/**
 * Runs DDL in the client's transaction, or in one of its own where none is open: one in which each statement
 * sees what committed before it, whatever the database's default is, since what was read before a lock is
 * read again after it. The work's own error counts, not that of the rollback.
 */
export async function inTransaction<T>(client: ClientBase, work: () => Promise<T>): Promise<T> {
  if (client.getTransactionStatus() !== "I") return work();
  await client.query("begin isolation level read committed read write");
  try {
    const result = await work();
    await client.query("commit");
    return result;
  } catch (error) {
    await client.query("rollback").catch(() => undefined);
    throw error;
  }
}
