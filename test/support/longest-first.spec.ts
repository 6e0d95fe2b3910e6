const { longestFirst } = jest.requireActual<{
  longestFirst: (paths: string[], durations: Record<string, number>) => string[];
}>("./longest-first.cjs");

describe("the order of suites", () => {
  it("begins with suites that nobody has timed, then the longest", () => {
    const order = longestFirst(["short", "new", "long", "other"], { short: 1, long: 9, other: 1 });
    expect(order).toEqual(["new", "long", "other", "short"]);
  });
});
