// Reports how long the source files are, and fails above the limits of the house style.
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";

const LIMITS = { median: 60, p90: 200, max: 400 };

const files = execFileSync("git", ["ls-files", "--cached", "--others", "--exclude-standard"], {
  encoding: "utf8",
})
  .split("\n")
  .filter((file) => /^(libs\/[^/]+\/src|migrations\/src|src|examples)\/.*\.ts$/.test(file))
  .filter((file) => !/\.(spec|cases|payloads)\.ts$/.test(file))
  .map((file) => ({ file, lines: readFileSync(file, "utf8").split("\n").length - 1 }))
  .sort((a, b) => a.lines - b.lines);

const at = (share) => files[Math.min(files.length - 1, Math.floor(files.length * share))].lines;
const found = { median: at(0.5), p90: at(0.9), max: at(1) };

console.log(
  `${files.length} files: ` +
    Object.entries(found)
      .map(([name, lines]) => `${name} ${lines} (limit ${LIMITS[name]})`)
      .join(", "),
);
if (Object.entries(found).some(([name, lines]) => lines > LIMITS[name])) {
  for (const { file, lines } of files.slice(-10)) console.log(`  ${lines} ${file}`);
  process.exitCode = 1;
}
