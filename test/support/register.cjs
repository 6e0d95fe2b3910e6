// Lets Node run the repository's TypeScript in a child process, as jest does in a suite.
const { readFileSync } = require("node:fs");
const Module = require("node:module");
const { dirname, join } = require("node:path");
const { transformSync } = require("@swc/core");
const { swcOptions } = require("./swc-options.cjs");

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

require.extensions[".ts"] = (module, filename) => {
  const { code } = transformSync(readFileSync(filename, "utf8"), { ...swcOptions, filename });
  module._compile(code, filename);
};
