import { Client } from "pg";

/** Statements sent while `work` runs. The look at the change feed, once a second at most, is not one of them. */
export async function roundTrips(work: () => Promise<unknown>): Promise<number> {
  const query = jest.spyOn(Client.prototype, "query");
  try {
    await work();
    const sent = query.mock.calls.map(([sent]: readonly unknown[]) =>
      typeof sent === "string" ? sent : String((sent as { text?: unknown } | undefined)?.text),
    );
    return sent.filter((text) => !text.includes("pg_current_snapshot")).length;
  } finally {
    query.mockRestore();
  }
}
