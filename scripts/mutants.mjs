// npm run test:mutants [-- part of a name or of a file's]: removes one guard after the other, and runs the
// test that must then fail. A mutant that its test does not notice is a guard that nothing proves. With
// --check it only looks whether each guard is where its mutant says.
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { MUTANTS } from "../test/mutants/mutants.mjs";

const [filter = ""] = process.argv.slice(2).filter((argument) => argument !== "--check");
const chosen = MUTANTS.filter(({ name, file }) => name.includes(filter) || file.includes(filter));

function mutate(text, find, replace, name) {
  const parts = text.split(find);
  if (parts.length !== 2) throw new Error(`"${name}": its text occurs ${parts.length - 1} times`);
  return parts.join(replace);
}

function mutantOf(original, { name, find, replace, also }) {
  const mutant = mutate(original, find, replace, name);
  return also === undefined ? mutant : mutate(mutant, also[0], also[1], name);
}

/** Milliseconds of a test, or of a hook, in which nothing happens any more: without its guard, it may hang. */
const TEST_TIMEOUT = "60000";

function runTest([file, title]) {
  const [, tier] = /\.(pg|e2e)\.spec\.ts$/.exec(file) ?? [];
  const directory = mkdtempSync(join(tmpdir(), "stratum-mutant-"));
  // A file, since a forced exit does not wait until a pipe has taken everything.
  const report = join(directory, "report.json");
  const args = ["--selectProjects", tier ?? "unit", "--silent", "--testTimeout", TEST_TIMEOUT];
  // The server goes on, and with it whatever connection a mutant has leaked.
  args.push("--json", "--outputFile", report, "--forceExit", "-t", title, "--", file);
  spawnSync("node_modules/.bin/jest", args, { stdio: "ignore" });
  try {
    return JSON.parse(readFileSync(report, "utf8"));
  } catch {
    return { numFailedTests: 0 };
  } finally {
    rmSync(directory, { recursive: true });
  }
}

let restore = () => undefined;
for (const signal of ["SIGINT", "SIGTERM"]) {
  process.once(signal, () => {
    restore();
    process.exit(1);
  });
}

let misplaced = 0;
for (const mutant of chosen) {
  try {
    mutantOf(readFileSync(mutant.file, "utf8"), mutant);
  } catch (error) {
    misplaced += 1;
    console.log(error.message);
  }
}
if (misplaced > 0 || process.argv.includes("--check")) process.exit(misplaced > 0 ? 1 : 0);

// One server for all of them; each run makes its template of migrations anew.
const require = createRequire(import.meta.url);
require("../test/support/register.cjs");
await require("../test/support/global-setup.ts").default();

let survived = 0;
for (const mutant of chosen) {
  const { name, file, test } = mutant;
  const original = readFileSync(file, "utf8");
  restore = () => writeFileSync(file, original);
  try {
    writeFileSync(file, mutantOf(original, mutant));
    const { numFailedTests } = runTest(test);
    const caught = numFailedTests > 0;
    if (!caught) survived += 1;
    console.log(`${caught ? "caught  " : "SURVIVED"} ${name} — ${test[1]}`);
  } finally {
    restore();
  }
}

await require("../test/support/global-teardown.ts").default();
console.log(`${chosen.length - survived} of ${chosen.length} mutants caught.`);
process.exitCode = survived === 0 ? 0 : 1;
