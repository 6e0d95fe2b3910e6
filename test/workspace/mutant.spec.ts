const { mutantOf, verdictOf } = jest.requireActual<{
  mutantOf: (text: string, mutant: object) => string;
  verdictOf: (outcome: { passed?: number; failed?: number; hung?: boolean }) => string;
}>("../../scripts/mutant.cjs");

describe("a mutant", () => {
  it("is the file without its guard, which has to be there once", () => {
    const mutant = { name: "m", find: "guard();", replace: "", also: ["import guard;", ""] };
    expect(mutantOf("import guard; guard(); work();", mutant)).toBe("  work();");
    expect(() => mutantOf("import guard; work();", mutant)).toThrow('"m": its text occurs 0 times');
    expect(() => mutantOf("guard(); guard();", mutant)).toThrow('"m": its text occurs 2 times');
    expect(() => mutantOf("guard();", mutant)).toThrow('"m": its text occurs 0 times');
  });

  it.each([
    ["caught", "its test fails", { passed: 3, failed: 1 }],
    ["caught", "its test hangs", { hung: true }],
    ["SURVIVED", "its test passes", { passed: 1, failed: 0 }],
    ["DID NOT RUN", "its test is not found, is skipped or does not load", { passed: 0, failed: 0 }],
  ])("is %s where %s", (verdict, _, outcome) => {
    expect(verdictOf(outcome)).toBe(verdict);
  });
});
