// Runs the tests that the lane sends, one after the other, in this process: jest is loaded once, and what it has
// transformed is kept. A test that leaves something behind wears the process out, and the lane takes a new one.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

const root = process.cwd();
const { runCLI } = createRequire(join(root, "package.json"))("jest");

/** Milliseconds of a test, or of a hook, in which nothing happens any more: without its guard, it may hang. */
const TEST_TIMEOUT = 60_000;
/** A test in which hardly anything happens for so many seconds hangs; one that polls waits for its time-out. */
const IDLE_SECONDS = 20;
/** Of the processor's time, below which this process idles: pools and workers wake up now and then. */
const IDLE_SHARE = 0.02;
/** Jest keeps some of each run. */
const MEMORY_MAX = 1_500_000_000;
/** How long connections take to close after their test. */
const SETTLE_MS = 200;

let thrown = false;
process.on("uncaughtException", () => (thrown = true));
process.on("unhandledRejection", () => (thrown = true));

/** Sockets, timers and child processes that something still waits for. */
const waiting = () => process.getActiveResourcesInfo().length;

async function isSettled(before) {
  const until = Date.now() + SETTLE_MS;
  while (waiting() > before && Date.now() < until) await sleep(10);
  return waiting() <= before;
}

/** Calls back when this process has idled for too long; the result stops the watch. */
function watchIdling(onHang) {
  let last = process.cpuUsage();
  let idled = 0;
  const timer = setInterval(() => {
    const { user, system } = process.cpuUsage(last);
    last = process.cpuUsage();
    idled = user + system < IDLE_SHARE * 1_000_000 ? idled + 1 : 0;
    if (idled >= IDLE_SECONDS) onHang();
  }, 1000);
  return () => clearInterval(timer);
}

async function run({ file, title, keepTemplate }) {
  const [, tier = "unit"] = /\.(pg|e2e)\.spec\.ts$/.exec(file) ?? [];
  if (keepTemplate) process.env.STRATUM_TEST_TEMPLATE = "keep";
  else delete process.env.STRATUM_TEST_TEMPLATE;
  const options = {
    $0: "jest",
    _: [file],
    runTestsByPath: true,
    selectProjects: [tier],
    testNamePattern: title,
    testTimeout: TEST_TIMEOUT,
    runInBand: true,
    silent: true,
    reporters: [],
    watchman: false,
  };
  const before = waiting();
  const { results } = await runCLI(options, [root]);
  const failed = results.numFailedTests;
  // A spy that a failing test has not taken back may be on something that the next test shares.
  const spied = failed > 0 && readFileSync(file, "utf8").includes("jest.spyOn(");
  const worn = spied || !(await isSettled(before)) || thrown;
  return {
    passed: results.numPassedTests,
    failed,
    worn: worn || process.memoryUsage().rss > MEMORY_MAX,
  };
}

process.on("message", async (test) => {
  const stopWatch = watchIdling(() => process.send({ hung: true, worn: true }));
  const outcome = await run(test).catch(() => ({ passed: 0, failed: 0, worn: true }));
  stopWatch();
  process.send(outcome);
});
process.on("disconnect", () => process.exit());
