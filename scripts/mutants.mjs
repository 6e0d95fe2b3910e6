// npm run test:mutants [part of a name]: removes one guard after the other, and runs the test that must
// then fail. A mutant that its test does not notice is a guard that nothing proves.
import { spawnSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { MUTANTS } from "../test/mutants/mutants.mjs";

const [filter = ""] = process.argv.slice(2);
const chosen = MUTANTS.filter(({ name }) => name.includes(filter));

function mutate(text, find, replace, name) {
  const parts = text.split(find);
  if (parts.length !== 2) throw new Error(`"${name}": its text occurs ${parts.length - 1} times`);
  return parts.join(replace);
}

function runTest([file, title]) {
  const project = file.endsWith(".pg.spec.ts") ? "pg" : "unit";
  const args = ["--selectProjects", project, "--json", "--silent", "-t", title, "--", file];
  const { stdout } = spawnSync("node_modules/.bin/jest", args, { encoding: "utf8" });
  try {
    return JSON.parse(stdout.slice(stdout.indexOf("{")));
  } catch {
    return { numFailedTests: 0, numPassedTests: 0 };
  }
}

let restore = () => undefined;
for (const signal of ["SIGINT", "SIGTERM"]) {
  process.once(signal, () => {
    restore();
    process.exit(1);
  });
}

let survived = 0;
for (const { name, file, find, replace, also, test } of chosen) {
  const original = readFileSync(file, "utf8");
  let mutant = mutate(original, find, replace, name);
  if (also !== undefined) mutant = mutate(mutant, also[0], also[1], name);
  restore = () => writeFileSync(file, original);
  try {
    writeFileSync(file, mutant);
    const { numFailedTests } = runTest(test);
    const caught = numFailedTests > 0;
    if (!caught) survived += 1;
    console.log(`${caught ? "caught  " : "SURVIVED"} ${name} — ${test[1]}`);
  } finally {
    restore();
  }
}

console.log(`${chosen.length - survived} of ${chosen.length} mutants caught.`);
process.exitCode = survived === 0 ? 0 : 1;
