// A mutant: a guard that is taken out, and what its test made of that.

function replaceOnce(text, find, replace, name) {
  const parts = text.split(find);
  if (parts.length !== 2) throw new Error(`"${name}": its text occurs ${parts.length - 1} times`);
  return parts.join(replace);
}

/** The text of a file without the guard. @throws Error where the guard is not there exactly once */
function mutantOf(original, { name, find, replace, also }) {
  const mutant = replaceOnce(original, find, replace, name);
  return also === undefined ? mutant : replaceOnce(mutant, also[0], also[1], name);
}

/** Whether a mutant changes what the template of test databases is made by. */
function isOfTemplate({ file }) {
  return file.startsWith("migrations/") || file.endsWith("/migrator.ts");
}

/**
 * What a run of the mutant's test shows. A test that hangs without its guard has noticed. One that was not
 * found, is skipped or could not be loaded shows nothing.
 */
function verdictOf({ passed, failed, hung }) {
  if (hung || failed > 0) return "caught";
  return passed > 0 ? "SURVIVED" : "DID NOT RUN";
}

module.exports = { isOfTemplate, mutantOf, verdictOf };
