import { readFileSync } from "node:fs";
import { join } from "node:path";
import * as core from "..";

const DOCS = join(__dirname, "..", "..", "..", "..", "docs");

function tableOf(file: string): string[][] {
  return readFileSync(join(DOCS, file), "utf8")
    .split("\n")
    .filter((line) => line.startsWith("| `"))
    .map((line) =>
      line.split("|").map((cell) =>
        cell
          .replace(/<a .*?<\/a>/, "")
          .replaceAll("`", "")
          .trim(),
      ),
    );
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

  it("has an anchor for each code, which problems point to", () => {
    const page = readFileSync(join(DOCS, "errors.md"), "utf8");
    const anchors = [...page.matchAll(/<a id="(\w+)"><\/a>/g)].map(([, id]) => id);
    expect(anchors).toEqual(Object.keys(core.ERROR_CATALOGUE).map((code) => code.toLowerCase()));
    expect(core.ERROR_PAGE).toMatch(/\/docs\/errors\.md$/);
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
