import { readFileSync } from "node:fs";
import { join } from "node:path";
import { promisesOf } from "./promises";

const DOCS = join(__dirname, "..", "..", "..", "..", "docs", "isolation.md");

describe("what isolation promises", () => {
  /** The rows of the table in docs/isolation.md, in the order of the logins. */
  const rows = readFileSync(DOCS, "utf8")
    .split("\n")
    .map((line) => line.split("|").map((cell) => cell.trim()))
    .filter(([, , mistakes]) => mistakes === "isolated");

  it.each(["superuser", "owner", "member", "hardened"] as const)(
    "is what the page says of the login %s",
    (login) => {
      const [, , , injection] = rows[["superuser", "owner", "member", "hardened"].indexOf(login)]!;
      const [mistakes, injected] = promisesOf(login, true);
      expect(mistakes).toMatchObject({ holds: true });
      expect(`${injected!.holds ? "isolated" : "not"}: ${injected!.because}`).toBe(injection);
    },
  );

  it("is nothing where a hole was found, whoever logs in", () => {
    const held = promisesOf("hardened", false).map(({ holds }) => holds);
    expect(held).toEqual([false, false]);
  });
});
