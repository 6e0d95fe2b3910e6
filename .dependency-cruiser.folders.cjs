const { options } = require("./.dependency-cruiser.cjs");

/**
 * The data plane's knot: folders that depend on each other in a circle, and on nothing that depends on
 * them. The list only shrinks; test/workspace/boundaries.spec.ts refuses a folder here that is in no circle.
 */
const KNOWN = ["isolation", "tenant-databases", "tenant-orm"];

/**
 * The features of libs/lib depend on each other one way. Left out are tests, which call the whole library,
 * and the files beside the folders, which put the features together; circles of files are refused with these.
 */
module.exports = {
  forbidden: [
    {
      name: "no-cycles-of-features",
      scope: "folder",
      severity: "error",
      from: { path: "^libs/lib/src/", pathNot: `^libs/lib/src/(${KNOWN.join("|")})$` },
      to: { circular: true },
    },
  ],
  options: {
    ...options,
    exclude: { path: "(^|/)dist/|\\.spec\\.ts$|^libs/lib/src/[^/]+\\.ts$|/test/" },
    metrics: true,
  },
};
