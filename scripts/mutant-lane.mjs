// Runs the mutants that its parent sends, one after the other, in the working directory, which is a copy.
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";

function mutate(text, find, replace, name) {
  const parts = text.split(find);
  if (parts.length !== 2) throw new Error(`"${name}": its text occurs ${parts.length - 1} times`);
  return parts.join(replace);
}

/** The text of a file without the guard. @throws Error where the guard is not there exactly once */
export function mutantOf(original, { name, find, replace, also }) {
  const mutant = mutate(original, find, replace, name);
  return also === undefined ? mutant : mutate(mutant, also[0], also[1], name);
}

/** Milliseconds of a test, or of a hook, in which nothing happens any more: without its guard, it may hang. */
const TEST_TIMEOUT = "60000";

/** What the template of test databases is made by. */
const MAKES_TEMPLATE = /^migrations\/|\/migrator\.ts$/;

/** Whether the server has the template of the tree without a mutant, which most runs can use. */
let hasTemplate = false;

function runTest([file, title], isOfTemplate) {
  const [, tier] = /\.(pg|e2e)\.spec\.ts$/.exec(file) ?? [];
  const directory = mkdtempSync(join(tmpdir(), "stratum-mutant-"));
  // A file, since a forced exit does not wait until a pipe has taken everything.
  const report = join(directory, "report.json");
  const args = ["--selectProjects", tier ?? "unit", "--silent", "--testTimeout", TEST_TIMEOUT];
  // The server goes on, and with it whatever connection a mutant has leaked.
  args.push("--json", "--outputFile", report, "--forceExit", "-t", title, "--", file);
  const keep = hasTemplate && !isOfTemplate ? { STRATUM_TEST_TEMPLATE: "keep" } : {};
  spawnSync("node_modules/.bin/jest", args, { stdio: "ignore", env: { ...process.env, ...keep } });
  // Unit tests leave the server alone.
  if (tier !== undefined) hasTemplate = !isOfTemplate;
  try {
    return JSON.parse(readFileSync(report, "utf8"));
  } catch {
    return { numFailedTests: 0 };
  } finally {
    rmSync(directory, { recursive: true });
  }
}

function isCaught(mutant) {
  const original = readFileSync(mutant.file, "utf8");
  try {
    writeFileSync(mutant.file, mutantOf(original, mutant));
    return runTest(mutant.test, MAKES_TEMPLATE.test(mutant.file)).numFailedTests > 0;
  } finally {
    writeFileSync(mutant.file, original);
  }
}

async function serve() {
  // One server for all of them.
  const require = createRequire(join(process.cwd(), "scripts/"));
  require("../test/support/register.cjs");
  await require("../test/support/global-setup.ts").default();
  process.on("message", async (mutant) => {
    if (mutant === "end") {
      await require("../test/support/global-teardown.ts").default();
      process.disconnect();
      return;
    }
    process.send({ mutant, caught: isCaught(mutant) });
  });
  process.send({});
}

if (process.argv.includes("--lane")) await serve();
