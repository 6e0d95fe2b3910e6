import type { ClientBase } from "pg";

/** Runs DDL in the client's transaction, or in one of its own where none is open. */
export async function inTransaction<T>(client: ClientBase, work: () => Promise<T>): Promise<T> {
  if (client.getTransactionStatus() !== "I") return work();
  await client.query("begin");
  try {
    const result = await work();
    await client.query("commit");
    return result;
  } catch (error) {
    await client.query("rollback");
    throw error;
  }
}
