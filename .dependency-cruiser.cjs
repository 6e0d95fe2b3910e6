const OURS = "^(libs/[^/]+|migrations)/";

/** The arrows of docs/adr and CONTRIBUTING; test/workspace/boundaries.spec.ts plants a breach of each. */
module.exports = {
  forbidden: [
    { name: "no-cycles", severity: "error", from: {}, to: { circular: true } },
    {
      name: "core-depends-on-zod-only",
      severity: "error",
      from: { path: "^libs/core/src", pathNot: "\\.(spec|payloads)\\.ts$" },
      to: { pathNot: "^(libs/core/src|node_modules/zod)" },
    },
    {
      name: "migrations-see-core-and-typeorm",
      severity: "error",
      from: { path: "^migrations/src" },
      to: { pathNot: "^(migrations/src|libs/core/src|node_modules/typeorm|typeorm$)" },
    },
    {
      name: "adapters-and-sdk-see-core",
      severity: "error",
      from: { path: "^libs/(db-adapters|sdk)/src" },
      to: { path: OURS, pathNot: "^libs/(core|db-adapters|sdk)/src" },
    },
    {
      name: "adapters-depend-on-core-and-pg",
      severity: "error",
      from: { path: "^libs/db-adapters/src", pathNot: "\\.spec\\.ts$" },
      to: {
        pathNot:
          "^(libs/(db-adapters|core)/src|node_modules/((@types/)?pg|typeorm)/|(pg|typeorm)$)",
        dependencyTypesNot: ["core"],
      },
    },
    {
      name: "typeorm-stays-in-its-folder",
      severity: "error",
      from: {
        path: "^libs/db-adapters/src",
        pathNot: "^libs/db-adapters/src/typeorm/|\\.spec\\.ts$",
      },
      to: { path: "^libs/db-adapters/src/typeorm/|node_modules/typeorm/|^typeorm" },
    },
    {
      name: "react-sees-core-and-sdk",
      severity: "error",
      from: { path: "^libs/react/src" },
      to: { path: OURS, pathNot: "^libs/(core|sdk|react)/src" },
    },
    {
      name: "embedded-stands-alone",
      severity: "error",
      from: { path: "^libs/embedded/src", pathNot: "\\.spec\\.ts$" },
      to: { path: `${OURS}|node_modules/(pg|typeorm)/`, pathNot: "^libs/embedded/src" },
    },
    {
      name: "lib-sees-what-is-below-it",
      severity: "error",
      from: { path: "^libs/lib/src", pathNot: "\\.(spec|cases)\\.ts$" },
      to: { path: OURS, pathNot: "^(libs/(core|lib|db-adapters)/src|migrations/src)" },
    },
    {
      name: "libraries-do-not-see-the-rest",
      severity: "error",
      from: { path: OURS, pathNot: "\\.(spec|cases|payloads)\\.ts$|/test/" },
      to: { path: "^(src|test|bench|examples|scripts)/" },
    },
    {
      name: "http-edge-has-no-sql",
      severity: "error",
      // The process opens its pool, and hands it to the library.
      from: { path: "^src", pathNot: "^src/database/open-database\\.ts$" },
      to: { path: "node_modules/(pg|typeorm)/" },
    },
    {
      name: "libraries-have-no-http-edge",
      severity: "error",
      from: { path: OURS },
      to: { path: "node_modules/@nestjs/platform-" },
    },
    {
      name: "index-is-the-only-door",
      severity: "error",
      from: { path: "^(libs/[^/]+|migrations|src|test|bench|examples)/" },
      to: {
        path: "^(libs/[^/]+|migrations)/(src|dist)/",
        pathNot: [
          "^$1/",
          "/src/index\\.ts$",
          "^libs/db-adapters/src/typeorm/index\\.ts$",
          "^libs/[^/]+/test/",
        ],
      },
    },
    {
      name: "stores-see-no-services",
      severity: "error",
      from: { path: "\\.store\\.ts$" },
      to: { path: "\\.(service|module|controller)\\.ts$" },
    },
    {
      name: "no-orphans",
      severity: "error",
      from: {
        orphan: true,
        path: "^(libs/[^/]+|migrations|src)/",
        pathNot: "\\.(spec|cases|payloads)\\.ts$|\\.mutants\\.mjs$",
      },
      to: {},
    },
  ],
  options: {
    doNotFollow: { path: "node_modules|/dist/" },
    exclude: { path: "(^|/)dist/" },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: "tsconfig.check.json" },
    enhancedResolveOptions: {
      exportsFields: ["exports"],
      conditionNames: ["@stratum-hq/source", "import", "require"],
    },
  },
};
