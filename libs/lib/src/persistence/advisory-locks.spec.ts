import { KEY_LOCK_SLOTS, lockKeyOf, lockSlots, NAME_LOCK_SLOTS } from "./advisory-locks";

describe("slots of advisory locks", () => {
  const texts = Array.from({ length: 20_000 }, (_, n) => `text ${n}`);

  it("are so many at most, however many texts, and ascend, so that nobody waits in a circle", () => {
    for (const slots of [KEY_LOCK_SLOTS, NAME_LOCK_SLOTS]) {
      expect(lockSlots(texts, slots)).toEqual(Array.from({ length: slots }, (_, slot) => slot));
    }
    const few = lockSlots(["c", "a", "b", "a"], NAME_LOCK_SLOTS);
    expect(few).toEqual(lockSlots(["b", "a", "c"], NAME_LOCK_SLOTS));
    expect(few).toHaveLength(3);
  });

  it("are of keys that fit PostgreSQL's integers, the same in every process", () => {
    expect(lockKeyOf("")).toBe(0x811c9dc5 | 0);
    for (const text of texts) expect(lockKeyOf(text)).toBe(lockKeyOf(text) | 0);
  });
});
