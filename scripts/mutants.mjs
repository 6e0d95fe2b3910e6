// npm run test:mutants [-- part of a name or of a file's]: removes one guard after the other, and runs the
// test that must then fail. A mutant that its test does not notice is a guard that nothing proves, and so is one
// whose test is not found, is skipped or does not load.
//
// Without a part of a name it tries what CI does: mutants of which something changed since they were caught, and a
// draw of the others. The commit is the seed of the draw; --seed repeats one. --changed tries the former alone, and
// --all all; like a run by name, they record in the ledger which were caught. With --check it only looks whether each guard is where its mutant
// says and the ledger has no other; with --report FILE it also writes how many were caught.
import { execFileSync } from "node:child_process";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { MUTANTS } from "./all-mutants.mjs";
import ledgers from "./mutant-choice.cjs";
import { groundsIn } from "./mutant-grounds.cjs";
import { LANES, tryMutants } from "./mutant-lanes.mjs";
import mutants from "./mutant.cjs";
import { filesOfTree } from "./tree.mjs";

const LEDGER = "test/mutants/ledger.jsonl";
/** Minutes for what CI tries. */
const MINUTES = 5;

const { values: options, positionals } = parseArgs({
  options: {
    all: { type: "boolean", default: false },
    changed: { type: "boolean", default: false },
    check: { type: "boolean", default: false },
    report: { type: "string" },
    seed: { type: "string" },
  },
  allowPositionals: true,
});
const [filter] = positionals;

const read = (file) => readFileSync(file, "utf8");
const readLedger = () => (existsSync(LEDGER) ? ledgers.ledgerOf(read(LEDGER)) : {});

/** What is wrong with where the mutants say that their guards are. */
function misplaced(chosen) {
  return chosen.flatMap((mutant) => {
    try {
      mutants.mutantOf(read(mutant.file), mutant);
      return [];
    } catch (error) {
      return [error.message];
    }
  });
}

function exitWith(faults) {
  for (const fault of faults) console.log(fault);
  process.exit(faults.length > 0 ? 1 : 0);
}

function groundsByName() {
  const groundsOf = groundsIn(read, filesOfTree());
  return Object.fromEntries(MUTANTS.map((mutant) => [mutant.name, groundsOf(mutant)]));
}

/** The mutants to try, and whether the ledger learns of them. */
function chooseMutants(grounds) {
  if (options.all) return { chosen: MUTANTS, isRecorded: true };
  if (options.changed) {
    const chosen = ledgers.changedOf({ mutants: MUTANTS, grounds, ledger: readLedger() });
    return { chosen, isRecorded: true };
  }
  if (filter !== undefined) {
    const isNamed = ({ name, file }) => name.includes(filter) || file.includes(filter);
    return { chosen: MUTANTS.filter(isNamed), isRecorded: true };
  }
  const head = () => execFileSync("git", ["rev-parse", "--short=12", "HEAD"], { encoding: "utf8" });
  const seed = options.seed ?? head().trim();
  const seconds = MINUTES * 60 * LANES;
  const choice = ledgers.choose({ mutants: MUTANTS, grounds, ledger: readLedger(), seed, seconds });
  console.log(ledgers.sentenceOf(choice, seed));
  return { chosen: choice.chosen, isRecorded: false };
}

/** The longest first, but those that need a template of their own last, so that the others share one. */
function inOrder(chosen) {
  const ledger = readLedger();
  return chosen.toSorted(
    (a, b) =>
      mutants.isOfTemplate(a) - mutants.isOfTemplate(b) ||
      ledgers.secondsOf(b, ledger) - ledgers.secondsOf(a, ledger),
  );
}

if (options.check) {
  const gone = ledgers.goneOf({ mutants: MUTANTS, ledger: readLedger() });
  const unknown = gone.map((name) => `"${name}" is in ${LEDGER} alone: a run by name takes it out`);
  exitWith([...misplaced(MUTANTS), ...unknown]);
}
// The lanes copy the tree as it is now; what is edited meanwhile is no ground of theirs.
const grounds = groundsByName();
const { chosen, isRecorded } = chooseMutants(grounds);
const faults = misplaced(chosen);
if (faults.length > 0) exitWith(faults);

let caught = 0;
await tryMutants(inOrder(chosen), ({ mutant, verdict, seconds }) => {
  caught += verdict === "caught" ? 1 : 0;
  const took = `${seconds.toFixed(1)} s`.padStart(7);
  console.log(`${verdict.padEnd(11)} ${took} ${mutant.name} — ${mutant.test[1]}`);
  if (!isRecorded) return;
  const results = [{ name: mutant.name, verdict, seconds }];
  const ledger = ledgers.recorded({ mutants: MUTANTS, grounds, ledger: readLedger(), results });
  writeFileSync(LEDGER, ledgers.textOf(ledger));
});
console.log(`${caught} of ${chosen.length} mutants caught.`);
if (options.report !== undefined) {
  const counts = { numPassedTests: caught, numFailedTests: chosen.length - caught };
  writeFileSync(options.report, JSON.stringify(counts));
}
process.exit(caught === chosen.length ? 0 : 1);
