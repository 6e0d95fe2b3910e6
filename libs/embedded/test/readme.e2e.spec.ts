import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { runChild } from "../../../test/support/child";
import { useDataDirectory } from "./use-data-directory";

const read = (path: string) => readFileSync(join(__dirname, "..", path), "utf8");

describe("README.md", () => {
  const place = useDataDirectory();
  const text = read("README.md");

  it("has a snippet that runs", async () => {
    const [, snippet = ""] = /```ts\n(.*?)```/s.exec(text) ?? [];
    const program = join(place.directory, "snippet.ts");
    writeFileSync(program, snippet);
    const cwd = join(place.directory, "project");
    mkdirSync(cwd);
    const child = runChild(program, [], { cwd });
    for await (const line of child.lines) {
      expect(line).toMatch(/^postgresql:\/\/stratum:\S{32}@127\.0\.0\.1:\d+\/postgres$/);
    }
    expect(await child.ended).toEqual({ code: 0, signal: null, stderr: "" });
    expect(readFileSync(join(cwd, ".stratum", "postgres", "PG_VERSION"), "utf8")).toBe("18\n");
  });

  it("lists each error code, and no other", () => {
    const listed = [...text.matchAll(/^\| `([A-Z_]+)`/gm)].map(([, code]) => code);
    const source = read("src/embedded-postgres.error.ts");
    expect(listed).toEqual([...source.matchAll(/^ {2}\| "([A-Z_]+)"/gm)].map(([, code]) => code));
  });

  it("lists each option, and no other", () => {
    const listed = [...text.matchAll(/^\| `([a-z]\w+)` /gm)].map(([, option]) => option);
    const [, source = ""] = /interface EmbeddedPostgresOptions \{(.*?)\n\}/s.exec(
      read("src/start-embedded-postgres.ts"),
    ) ?? [""];
    expect(listed).toEqual([...source.matchAll(/readonly (\w+)\?/g)].map(([, option]) => option));
  });
});
