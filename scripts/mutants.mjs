// npm run test:mutants [-- part of a name or of a file's]: removes one guard after the other, and runs the
// test that must then fail. A mutant that its test does not notice is a guard that nothing proves, and so is one
// whose test is not found, is skipped or does not load. With --check it only looks whether each guard is where
// its mutant says; with --report FILE it also writes how many were caught. Two lanes work side by side, each on a
// copy of the tree and with a server of its own: what you edit meanwhile is not touched.
import { execFileSync, fork } from "node:child_process";
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { MUTANTS } from "../test/mutants/mutants.mjs";
import mutants from "./mutant.cjs";

const LANES = 2;

const { values: options, positionals } = parseArgs({
  options: { check: { type: "boolean", default: false }, report: { type: "string" } },
  allowPositionals: true,
});
const [filter = ""] = positionals;
const chosen = MUTANTS.filter(({ name, file }) => name.includes(filter) || file.includes(filter));

let misplaced = 0;
for (const mutant of chosen) {
  try {
    mutants.mutantOf(readFileSync(mutant.file, "utf8"), mutant);
  } catch (error) {
    misplaced += 1;
    console.log(error.message);
  }
}
if (misplaced > 0 || options.check) process.exit(misplaced > 0 ? 1 : 0);

/** The tree as it is, without what npm and the compiler made. */
function copyTree() {
  const copy = mkdtempSync(join(tmpdir(), "stratum-mutants-"));
  const listed = execFileSync("git", ["ls-files", "--cached", "--others", "--exclude-standard"], {
    encoding: "utf8",
  });
  for (const file of listed.split("\n").filter((each) => each !== "" && existsSync(each))) {
    cpSync(file, join(copy, file));
  }
  if (existsSync("libs/lib/node_modules"))
    symlinkSync(resolve("libs/lib/node_modules"), join(copy, "libs/lib/node_modules"));
  // The repository's own packages are links to their folders, which are to be those of the copy.
  mkdirSync(join(copy, "node_modules"));
  for (const name of readdirSync("node_modules")) {
    const installed = join("node_modules", name);
    if (name === "@stratum-hq")
      cpSync(installed, join(copy, installed), { recursive: true, verbatimSymlinks: true });
    else symlinkSync(resolve(installed), join(copy, installed));
  }
  return copy;
}

// Those that need a template of their own come last, so that the others share one.
const queue = chosen.toSorted((a, b) => mutants.isOfTemplate(a) - mutants.isOfTemplate(b));
const copies = [];
process.once("exit", () => {
  for (const copy of copies) rmSync(copy, { recursive: true, force: true });
});
for (const signal of ["SIGINT", "SIGTERM"]) process.once(signal, () => process.exit(1));

/** One lane takes mutants until there are no more; how many of them were caught. */
function lane() {
  const copy = copyTree();
  copies.push(copy);
  return new Promise((done) => {
    let caught = 0;
    const child = fork("scripts/mutant-lane.mjs", { cwd: copy });
    child.on("message", (result) => {
      if (result.mutant !== undefined) {
        const { mutant, verdict, seconds } = result;
        caught += verdict === "caught" ? 1 : 0;
        const took = `${seconds.toFixed(1)} s`.padStart(7);
        console.log(`${verdict.padEnd(11)} ${took} ${mutant.name} — ${mutant.test[1]}`);
      }
      child.send(queue.shift() ?? "end");
    });
    child.on("exit", () => done(caught));
  });
}

const caught = await Promise.all(Array.from({ length: Math.min(LANES, chosen.length) }, lane));
const total = caught.reduce((sum, each) => sum + each, 0);
console.log(`${total} of ${chosen.length} mutants caught.`);
if (options.report !== undefined) {
  const counts = { numPassedTests: total, numFailedTests: chosen.length - total };
  writeFileSync(options.report, JSON.stringify(counts));
}
process.exit(total === chosen.length ? 0 : 1);
