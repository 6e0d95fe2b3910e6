// What the verdict on a mutant rests on, as two hashes. `near`: the mutant, the file that it changes, its test,
// and the contracts that the test runs. `far`: whatever else the test loads, and the versions of the packages.
const { createHash } = require("node:crypto");
const { dirname, join } = require("node:path").posix;

/** What every suite runs on, though none imports it. */
const COMMON = [
  "package-lock.json",
  "jest.config.js",
  "scripts/mutant-lane.mjs",
  "scripts/mutant-runner.mjs",
  "test/support/global-setup.ts",
  "test/support/register.cjs",
];
const TYPE_IMPORT = /^\s*(?:import|export) type [^;]*;/gm;
const LITERAL = /(["'])((?:\.|@stratum-hq\/|\w)[\w./@-]*)\1/g;
const SUFFIX = /^\.\w+\.ts$/;

/**
 * @param read the text of a file, by its path in the repository
 * @param files all paths of the repository
 */
function groundsIn(read, files) {
  const known = new Set(files);
  const loads = new Map();

  function packageFile(specifier) {
    const [, name, subpath = ""] = /^@stratum-hq\/([^/]+)(\/.*)?$/.exec(specifier) ?? [];
    const folder = [`libs/${name}`, name].find((each) => known.has(`${each}/package.json`));
    if (name === undefined || folder === undefined) return undefined;
    const exported = JSON.parse(read(`${folder}/package.json`)).exports?.[`.${subpath}`];
    return exported?.["@stratum-hq/source"] && join(folder, exported["@stratum-hq/source"]);
  }

  /** The files that a text of the file at `from` names: a module, a program, or files that end so. */
  function named(literal, from) {
    if (SUFFIX.test(literal)) return files.filter((file) => file.endsWith(literal));
    const path = join(dirname(from), literal);
    const found = [
      ...(literal.startsWith(".") ? [`${path}.ts`, `${path}/index.ts`] : []),
      path,
      `test/programs/${literal.split("/").at(-1)}`,
      packageFile(literal),
    ].find((each) => known.has(each));
    return found === undefined ? [] : [found];
  }

  function loadedBy(file) {
    if (!/\.(ts|[cm]?js)$/.test(file)) return [];
    if (!loads.has(file)) {
      const text = read(file).replaceAll(TYPE_IMPORT, "");
      loads.set(
        file,
        [...text.matchAll(LITERAL)].flatMap(([, , literal]) => named(literal, file)),
      );
    }
    return loads.get(file);
  }

  /** All files that running this one loads, and itself. */
  function closureOf(file) {
    const closure = new Set([file]);
    for (const each of closure) for (const loaded of loadedBy(each)) closure.add(loaded);
    return closure;
  }

  const hashes = new Map();
  function hashOf(file) {
    if (!hashes.has(file)) hashes.set(file, known.has(file) ? digest(read(file)) : "missing");
    return hashes.get(file);
  }
  const hashOfAll = (paths) => digest(paths.toSorted().map((file) => [file, hashOf(file)]));

  return function groundsOf({ file, find, replace, also, test }) {
    const closure = [...closureOf(test[0])];
    const isNear = (each) => each === file || each === test[0] || each.endsWith(".contract.ts");
    const near = new Set([file, ...closure.filter(isNear)]);
    const far = [...COMMON, ...closure.filter((each) => !isNear(each))];
    return {
      near: digest([find, replace, also ?? null, test, hashOfAll([...near])]),
      far: hashOfAll(far),
    };
  };
}

/** Short, and still far from two values that meet by chance. */
function digest(value) {
  return createHash("sha256").update(JSON.stringify(value)).digest("base64url").slice(0, 12);
}

module.exports = { groundsIn };
