import { MemoryCounts } from "./memory-counts";

describe("MemoryCounts", () => {
  it("counts each name by itself, and anew in each window", () => {
    const clock = jest.spyOn(performance, "now").mockReturnValue(0);
    const counts = new MemoryCounts();
    const hits = (name: string) => counts.increment(name, 1000).totalHits;
    expect([hits("a"), hits("a"), hits("b")]).toEqual([1, 2, 1]);
    expect(counts.increment("a", 1000)).toEqual({ totalHits: 3, timeToExpire: 1 });
    clock.mockReturnValue(999);
    expect(hits("a")).toBe(4);
    clock.mockReturnValue(1000);
    expect(hits("a")).toBe(1);
    clock.mockRestore();
  });

  it("forgets the oldest names where there are very many", () => {
    const counts = new MemoryCounts();
    for (let n = 0; n <= 100_000; n += 1) counts.increment(`name ${n}`, 60_000);
    expect(counts.increment("name 0", 60_000).totalHits).toBe(1);
    expect(counts.increment("name 100000", 60_000).totalHits).toBe(2);
  });
});
