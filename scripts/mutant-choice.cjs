// Which mutants a run of CI tries: the ledger has those that were caught, and what that rested on.
const { createHash } = require("node:crypto");

/** How many of the mutants whose `near` is as in the ledger are tried: of those with another `far`, and the rest. */
const SHARES = { far: 0.25, same: 0.1 };
/** Seconds that a mutant is expected to take that was never tried. */
const UNKNOWN_SECONDS = 7;

/** Where a mutant stands in the draw that the seed makes: from 0 to below 1. */
function placeOf(seed, name) {
  const hash = createHash("sha256")
    .update(JSON.stringify([seed, name]))
    .digest();
  return hash.readUInt32BE() / 2 ** 32;
}

/** What has changed since the ledger's entry, if there is one. */
function changeOf(entry, grounds) {
  if (entry?.near !== grounds.near) return "near";
  return entry.far === grounds.far ? "same" : "far";
}

/** The mutants with another `near` than in the ledger, or without an entry. */
function changedOf({ mutants, grounds, ledger }) {
  return mutants.filter(({ name }) => changeOf(ledger[name], grounds[name]) === "near");
}

/**
 * Chooses the mutants to try: all with another `near`, or none in the ledger, and of the others a draw by the
 * seed, in this order until their time is up.
 *
 * @param grounds of each mutant by its name
 * @param ledger entries by name
 * @param seconds for all of them, one after the other
 * @returns the chosen; of each kind how many there are and how many are tried; and how many were drawn too late
 */
function choose({ mutants, grounds, ledger, seed, seconds }) {
  const placed = mutants
    .map((mutant) => ({
      mutant,
      change: changeOf(ledger[mutant.name], grounds[mutant.name]),
      place: placeOf(seed, mutant.name),
    }))
    .sort((a, b) => a.place - b.place);
  const chosen = [];
  const counts = {};
  let late = 0;
  let left = seconds;
  for (const kind of ["near", "far", "same"]) {
    const all = placed.filter(({ change }) => change === kind);
    const drawn = all.filter(({ place }) => place < (SHARES[kind] ?? 1));
    const before = chosen.length;
    for (const { mutant } of drawn) {
      left -= secondsOf(mutant, ledger);
      if (left >= 0) chosen.push(mutant);
      else late += 1;
    }
    counts[kind] = { tried: chosen.length - before, all: all.length };
  }
  return { chosen, counts, late };
}

/** How long a mutant takes, as the ledger knows. */
function secondsOf({ name }, ledger) {
  return ledger[name]?.seconds ?? UNKNOWN_SECONDS;
}

/** What is printed of a choice. */
function sentenceOf({ chosen, counts: { near, far, same }, late }, seed) {
  return (
    `${chosen.length} of ${near.all + far.all + same.all} mutants: ${near.tried} of ${near.all} because what ` +
    `they rest on changed, ${far.tried} of ${far.all} whose test loads something that changed, ${same.tried} of ` +
    `${same.all} as in the ledger; ${late} that were drawn are left out for time (--seed ${seed}).`
  );
}

/**
 * The ledger after a run. A caught mutant enters it, any other leaves it, and so does one that is gone.
 *
 * @param results name, verdict and seconds of each that was tried
 */
function recorded({ mutants, grounds, ledger, results }) {
  const next = { ...ledger };
  for (const { name, verdict, seconds } of results) {
    if (verdict !== "caught") delete next[name];
    else if (changeOf(ledger[name], grounds[name]) !== "same")
      next[name] = { ...grounds[name], seconds: Math.ceil(seconds) };
  }
  for (const name of goneOf({ mutants, ledger })) delete next[name];
  return next;
}

/** Names in the ledger that no mutant has. */
function goneOf({ mutants, ledger }) {
  const names = new Set(mutants.map(({ name }) => name));
  return Object.keys(ledger).filter((name) => !names.has(name));
}

/** The ledger as it is kept: a line for each mutant, in the order of names, so that Git merges it by lines. */
function textOf(ledger) {
  const lines = Object.keys(ledger)
    .sort()
    .map((name) => `${JSON.stringify({ name, ...ledger[name] })}\n`);
  return lines.join("");
}

/** The ledger of a text. A merge may leave two lines of one mutant: the later one counts. */
function ledgerOf(text) {
  const entries = text.split("\n").filter((line) => line !== "");
  return Object.fromEntries(
    entries.map((line) => {
      const { name, ...entry } = JSON.parse(line);
      return [name, entry];
    }),
  );
}

module.exports = { changedOf, choose, goneOf, ledgerOf, recorded, secondsOf, sentenceOf, textOf };
