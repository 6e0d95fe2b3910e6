// Runs the mutants that its parent sends, one after the other, in the working directory, which is a copy, and
// with one server for all of them.
import { fork } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import mutants from "./mutant.cjs";

/** Milliseconds after which a test hangs that not even its own time-out has ended. */
const HANG_MS = 600_000;

/** Whether the server has the template of the tree without a mutant, which most runs can use. */
let hasTemplate = false;

let runner;

/** What a test made of the tree as it is. */
function runTest(test) {
  runner ??= fork("scripts/mutant-runner.mjs", { stdio: ["ignore", "ignore", "ignore", "ipc"] });
  const running = runner;
  return new Promise((done) => {
    const end = (outcome) => {
      clearTimeout(timer);
      running.removeAllListeners();
      if (outcome.worn) {
        running.kill("SIGKILL");
        runner = undefined;
      }
      done(outcome);
    };
    const timer = setTimeout(() => end({ hung: true, worn: true }), HANG_MS);
    running.once("message", end);
    running.once("exit", () => end({ passed: 0, failed: 0, worn: true }));
    running.send(test);
  });
}

async function verdictOn(mutant) {
  const [file, title] = mutant.test;
  const original = readFileSync(mutant.file, "utf8");
  const isOfTemplate = mutants.isOfTemplate(mutant);
  const started = Date.now();
  try {
    // Jest tells texts of a file apart by the time of writing, and keeps a transformed text by what it is.
    writeFileSync(mutant.file, mutants.mutantOf(original, mutant));
    const outcome = await runTest({ file, title, keepTemplate: hasTemplate && !isOfTemplate });
    // Unit tests leave the server alone.
    if (/\.(pg|e2e)\.spec\.ts$/.test(file)) hasTemplate = !isOfTemplate;
    return { verdict: mutants.verdictOf(outcome), seconds: (Date.now() - started) / 1000 };
  } finally {
    writeFileSync(mutant.file, original);
  }
}

const require = createRequire(join(process.cwd(), "scripts/"));
require("../test/support/register.cjs");
await require("../test/support/global-setup.ts").default();
process.on("message", async (mutant) => {
  if (mutant === "end") {
    runner?.kill("SIGKILL");
    await require("../test/support/global-teardown.ts").default();
    process.disconnect();
    return;
  }
  process.send({ mutant, ...(await verdictOn(mutant)) });
});
process.on("disconnect", () => process.exit());
process.send({});
