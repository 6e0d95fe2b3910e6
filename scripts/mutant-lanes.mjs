// Runs mutants in two lanes side by side, each on a copy of the tree and with a server of its own: what you edit
// meanwhile is not touched.
import { fork } from "node:child_process";
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  symlinkSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { filesOfTree } from "./tree.mjs";

export const LANES = 2;

/** The tree as it is, without what npm and the compiler made. */
function copyTree() {
  const copy = mkdtempSync(join(tmpdir(), "stratum-mutants-"));
  for (const file of filesOfTree()) cpSync(file, join(copy, file));
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

const copies = [];
process.once("exit", () => {
  for (const copy of copies) rmSync(copy, { recursive: true, force: true });
});
for (const signal of ["SIGINT", "SIGTERM"]) process.once(signal, () => process.exit(1));

/** One lane takes mutants until there are no more. */
function lane(queue, onResult) {
  const copy = copyTree();
  copies.push(copy);
  return new Promise((done) => {
    const child = fork("scripts/mutant-lane.mjs", { cwd: copy });
    child.on("message", (result) => {
      if (result.mutant !== undefined) onResult(result);
      child.send(queue.shift() ?? "end");
    });
    child.on("exit", done);
  });
}

/** Tries the mutants in this order, and tells of each its verdict and the seconds that it took. */
export async function tryMutants(mutants, onResult) {
  const queue = [...mutants];
  const lanes = Math.min(LANES, queue.length);
  await Promise.all(Array.from({ length: lanes }, () => lane(queue, onResult)));
}
