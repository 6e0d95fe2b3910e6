// Lets Node run the repository's TypeScript in a child process, as jest does in a suite.
const { readFileSync } = require("node:fs");
const Module = require("node:module");
const { join } = require("node:path");
const { transformSync } = require("@swc/core");
const { swcOptions } = require("./swc-options.cjs");

const root = join(__dirname, "..", "..");
const sources = {
  "@stratum-hq/core": "libs/core/src/index.ts",
  "@stratum-hq/db-adapters": "libs/db-adapters/src/index.ts",
  "@stratum-hq/embedded": "libs/embedded/src/index.ts",
  "@stratum-hq/lib": "libs/lib/src/index.ts",
  "@stratum-hq/migrations": "migrations/src/index.ts",
};

const resolve = Module._resolveFilename;
Module._resolveFilename = function (request, ...rest) {
  const source = sources[request];
  return source === undefined ? resolve.call(this, request, ...rest) : join(root, source);
};

require.extensions[".ts"] = (module, filename) => {
  const { code } = transformSync(readFileSync(filename, "utf8"), { ...swcOptions, filename });
  module._compile(code, filename);
};
