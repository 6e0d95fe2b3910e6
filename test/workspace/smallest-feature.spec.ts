import { execFileSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";

const ROOT = join(__dirname, "..", "..");

/** Files outside of its own folders that a new feature of the smallest kind touches at most. */
const AT_MOST = 4;

/** Features with a table, a few methods and scopes: as small as one that stores anything. */
const SMALL = ["usage", "consent"];

const read = (file: string) => readFileSync(join(ROOT, file), "utf8");
const isTest = (file: string) =>
  /\.(spec|cases|payloads)\.ts$|\.mutants\.mjs$|(^|\/)test\//.test(file);

/** Code that ships, and what checks it; not what is generated, nor tests, benchmarks and examples, which use features as they like. */
const FILES = execFileSync("git", ["ls-files", "--cached", "--others", "--exclude-standard"], {
  cwd: ROOT,
  encoding: "utf8",
})
  .split("\n")
  .filter((file) => /\.([cm]?[jt]s|json)$/.test(file) && existsSync(join(ROOT, file)))
  .filter((file) => !isTest(file) && !/^(bench|examples|package-lock)|openapi\.json$/.test(file));

const ownFolders = (feature: string) =>
  ["libs/core/src", "libs/lib/src", "src"].map((root) => `${root}/${feature}`);
const isOwn = (file: string, feature: string) =>
  ownFolders(feature).includes(dirname(file)) ||
  (dirname(file) === "migrations/src" && new RegExp(`-${feature}(-\\w+)*\\.ts$`).test(file));

/** The names that a feature gives to the rest: what its files export, its tables and its folders. */
function namesOf(feature: string): RegExp {
  const texts = FILES.filter((file) => isOwn(file, feature)).map(read);
  const found = (pattern: RegExp) => texts.flatMap((text) => [...text.matchAll(pattern)]);
  const exported = found(/^export (?:abstract )?(?:class|const|function|interface|type) (\w+)/gm);
  const tables = found(/create table stratum\.(\w+)/g);
  // The declaration itself is known by the path that it is imported from: USAGE is a word of SQL too.
  const declaration = feature.toUpperCase();
  const names = [...exported, ...tables]
    .map(([, name]) => name)
    .filter((name) => name !== declaration);
  return new RegExp(`\\b(${names.join("|")})\\b|from "[^"]*/${feature}(/[^"]*)?"`);
}

function touchedBy(feature: string): string[] {
  const names = namesOf(feature);
  return FILES.filter((file) => !isOwn(file, feature) && names.test(read(file)));
}

describe.each(SMALL)("the feature %s", (feature) => {
  it("is mentioned by few files outside of its own folders, and by each list that has to", () => {
    const touched = touchedBy(feature);
    expect(touched).toEqual(
      expect.arrayContaining([
        "libs/core/src/codes.ts",
        "libs/core/src/features.ts",
        "libs/lib/src/features.ts",
        "migrations/src/index.ts",
      ]),
    );
    expect({ touched, fewEnough: touched.length <= AT_MOST }).toEqual({ touched, fewEnough: true });
  });
});
