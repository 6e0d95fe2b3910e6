// npm run test:durations [-- report.json]: writes how many seconds each suite takes, which is what the order of
// suites comes from. It runs them all, unless it is given a report that jest wrote with --json.
import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";

const DURATIONS = "test/support/durations.json";

/** What jest reports of all suites. */
function reportOfRun() {
  const directory = mkdtempSync(join(tmpdir(), "stratum-durations-"));
  const report = join(directory, "report.json");
  try {
    spawnSync("node_modules/.bin/jest", ["--json", "--outputFile", report], {
      stdio: ["ignore", "ignore", "inherit"],
    });
    return JSON.parse(readFileSync(report, "utf8"));
  } finally {
    rmSync(directory, { recursive: true });
  }
}

const [given] = process.argv.slice(2);
const { testResults } =
  given === undefined ? reportOfRun() : JSON.parse(readFileSync(given, "utf8"));

const durations = new Map(
  Object.entries(existsSync(DURATIONS) ? JSON.parse(readFileSync(DURATIONS, "utf8")) : {}),
);
for (const { name, startTime, endTime } of testResults) {
  const path = relative(process.cwd(), name).replaceAll("\\", "/");
  durations.set(path, Math.max(1, Math.round((endTime - startTime) / 1000)));
}
const kept = [...durations]
  .filter(([path]) => existsSync(path))
  .sort(([a], [b]) => (a < b ? -1 : 1));
writeFileSync(DURATIONS, `${JSON.stringify(Object.fromEntries(kept), null, 2)}\n`);
console.log(`${kept.length} suites, ${kept.reduce((sum, [, each]) => sum + each, 0)} s.`);
