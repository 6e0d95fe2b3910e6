import type { Caller } from "../context/caller";
import { MutationLog } from "./mutation-log";
import type { MutationLogStore } from "./mutation-log.store";
import type { Transaction } from "./transaction";

/** Records events of types that are declared to invalidate caches, or nothing; keeps what it was asked for. */
function recordAll(...types: string[]) {
  const inserted: unknown[] = [];
  const changed: (string | null)[] = [];
  const store = { insert: (...args: unknown[]) => inserted.push(args[3]) };
  const tx = { markChanged: (tenantId: string | null) => changed.push(tenantId) };
  const declared = { "note.written": "subtree", "note.read": "nothing" } as const;
  const ids = { next: () => "id" };
  const log = new MutationLog(store as unknown as MutationLogStore, ids, declared);
  const events = types.map((type) => ({ type, tenant_id: `tenant of ${type}`, data: {} }));
  const recorded = log.record(tx as unknown as Transaction, {} as Caller, [], events);
  return { recorded, inserted, changed };
}

describe("the record of events", () => {
  it("has caches forget what the feature declares that an event changes", async () => {
    const { recorded, inserted, changed } = recordAll("note.written", "note.read");
    await recorded;
    expect(inserted).toHaveLength(1);
    expect(changed).toEqual(["tenant of note.written"]);
  });

  it("refuses an event that no feature declares, before it is written", async () => {
    const { recorded, inserted } = recordAll("note.torn");
    await expect(recorded).rejects.toThrow('Declare the event "note.torn"');
    expect(inserted).toEqual([]);
  });
});
