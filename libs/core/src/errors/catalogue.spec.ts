import { readFileSync } from "node:fs";
import { join } from "node:path";
import * as core from "..";

function tableOf(file: string): string[][] {
  return readFileSync(join(__dirname, "..", "..", "..", "..", "docs", file), "utf8")
    .split("\n")
    .filter((line) => line.startsWith("| `"))
    .map((line) => line.split("|").map((cell) => cell.trim().replaceAll("`", "")));
}

describe("docs/errors.md", () => {
  it("lists every code with its status, and no other", () => {
    const documented = tableOf("errors.md").map(([, code, status]) => [code, Number(status)]);
    const catalogue = Object.entries(core.ERROR_CATALOGUE).map(([code, { status }]) => [
      code,
      status,
    ]);
    expect(documented).toEqual(catalogue);
  });
});

describe("docs/limits.md", () => {
  it("lists every constant with its value, and no other", () => {
    const documented = tableOf("limits.md").map(([, name, value]) => [name, Number(value)]);
    const constants = Object.entries(core)
      .filter(([name, value]) => /^[A-Z_]+$/.test(name) && typeof value === "number")
      .map(([name, value]) => [name, value]);
    expect(documented.sort()).toEqual(constants.sort());
  });
});
