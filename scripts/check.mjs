// npm run check: everything that needs no database, two steps at a time, in under a minute.
import { spawn } from "node:child_process";

const CACHE = "node_modules/.cache";
/** Where a report of the unit tests is wanted. */
const { STRATUM_UNIT_REPORT: REPORT } = process.env;
const REPORTED = REPORT === undefined ? "" : ` --json --outputFile=${REPORT}`;
const STEPS = [
  ["lint", `eslint . --max-warnings 0 --cache --cache-location ${CACHE}/eslint/`],
  ["types", "tsc -p tsconfig.check.json"],
  ["unit tests", `jest --selectProjects unit --maxWorkers 2 --silent${REPORTED}`],
  [
    "format",
    `prettier --check --log-level warn --cache --cache-location ${CACHE}/prettier/cache .`,
  ],
  [
    "boundaries",
    "depcruise --config .dependency-cruiser.cjs libs migrations src test bench examples",
  ],
  ["features", "depcruise --config .dependency-cruiser.folders.cjs libs/lib/src"],
  ["unused code", "knip --no-config-hints"],
  ["sizes", "node scripts/sizes.mjs"],
  ["mutants", "node scripts/mutants.mjs --check"],
];

function run(command) {
  return new Promise((done) => {
    const child = spawn(command, {
      shell: true,
      env: { ...process.env, PATH: `node_modules/.bin:${process.env.PATH}` },
    });
    let output = "";
    child.stdout.on("data", (text) => (output += text));
    child.stderr.on("data", (text) => (output += text));
    child.on("close", (code) => done({ code, output }));
  });
}

const queue = [...STEPS];
let failed = 0;

async function lane() {
  for (let step = queue.shift(); step !== undefined; step = queue.shift()) {
    const [name, command] = step;
    const started = Date.now();
    const { code, output } = await run(command);
    const seconds = ((Date.now() - started) / 1000).toFixed(1);
    console.log(`${code === 0 ? "ok    " : "FAILED"} ${name} (${seconds} s)`);
    if (code !== 0 || name === "sizes") console.log(output.trimEnd());
    if (code !== 0) failed += 1;
  }
}

await Promise.all([lane(), lane()]);
console.log(failed === 0 ? "All checks passed." : `${failed} of ${STEPS.length} checks failed.`);
process.exitCode = failed === 0 ? 0 : 1;
