import { MemoryCounts } from "./memory-counts";

describe("MemoryCounts", () => {
  it("counts each name by itself, and anew in each window", () => {
    const clock = jest.spyOn(performance, "now").mockReturnValue(0);
    const counts = new MemoryCounts();
    const hits = (name: string) => counts.add(name, 1000).hits;
    expect([hits("a"), hits("a"), hits("b")]).toEqual([1, 2, 1]);
    expect(counts.add("a", 1000)).toEqual({ hits: 3, expires_in: 1 });
    clock.mockReturnValue(999);
    expect(hits("a")).toBe(4);
    clock.mockReturnValue(1000);
    expect(hits("a")).toBe(1);
    clock.mockRestore();
  });

  it("forgets the oldest names where there are very many", () => {
    const counts = new MemoryCounts();
    for (let n = 0; n <= 100_000; n += 1) counts.add(`name ${n}`, 60_000);
    expect(counts.add("name 0", 60_000).hits).toBe(1);
    expect(counts.add("name 100000", 60_000).hits).toBe(2);
  });
});
