// Lets Node run the repository's TypeScript in a child process, as jest does in a suite.
const { createHash } = require("node:crypto");
const { mkdirSync, readFileSync, renameSync, writeFileSync } = require("node:fs");
const Module = require("node:module");
const { dirname, join } = require("node:path");
const { transformSync } = require("@swc/core");
const { swcOptions } = require("./swc-options.cjs");
const { version } = require("@swc/core/package.json");

/** What has been compiled before, by everything that it comes from: a suite starts dozens of children. */
const CACHE = join(__dirname, "../../node_modules/.cache/stratum-children");

const resolve = Module._resolveFilename;

/**
 * The source of a package of this repository, whoever asks for it, by the condition in its exports. Node 20
 * takes conditions only as flags.
 */
function sourceOf(request) {
  const [, name, subpath = ""] = /^(@stratum-hq\/[^/]+)(\/.*)?$/.exec(request) ?? [];
  if (name === undefined) return undefined;
  const manifest = resolve.call(Module, `${name}/package.json`, module);
  const source = require(manifest).exports[`.${subpath}`]?.["@stratum-hq/source"];
  return source === undefined ? undefined : join(dirname(manifest), source);
}

Module._resolveFilename = function (request, ...rest) {
  return sourceOf(request) ?? resolve.call(this, request, ...rest);
};

function compiled(filename) {
  const options = { ...swcOptions, filename };
  const text = readFileSync(filename, "utf8");
  const hash = createHash("sha256")
    .update(JSON.stringify([version, options, text]))
    .digest("hex");
  const kept = join(CACHE, `${hash}.js`);
  try {
    return readFileSync(kept, "utf8");
  } catch {
    const { code } = transformSync(text, options);
    keep(kept, code);
    return code;
  }
}

function keep(file, code) {
  try {
    mkdirSync(CACHE, { recursive: true });
    // Another child may read it at this moment.
    writeFileSync(`${file}.${process.pid}`, code);
    renameSync(`${file}.${process.pid}`, file);
  } catch {
    // A child of another user may not write here. It compiles again.
  }
}

require.extensions[".ts"] = (module, filename) => module._compile(compiled(filename), filename);
