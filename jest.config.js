const { swcOptions } = require("./test/support/swc-options.cjs");

const common = {
  rootDir: __dirname,
  testEnvironment: "node",
  // Packages of this repository are their sources, by a condition in their exports; then come Node's own.
  testEnvironmentOptions: { customExportConditions: ["@stratum-hq/source", "node", "node-addons"] },
  transform: { "\\.ts$": ["@swc/jest", swcOptions], "/jose/.*\\.js$": ["@swc/jest", swcOptions] },
  // An ES module, which Node can require and jest cannot.
  transformIgnorePatterns: ["/node_modules/(?!jose/)"],
  modulePathIgnorePatterns: ["/dist/"],
};

/** Three tiers (CONTRIBUTING, "Where does my test go?"): the file name decides the tier. */
module.exports = {
  testTimeout: 120_000,
  // Two cores run three suites: each now and then waits for a timer, a lock or a process, and computes nothing.
  maxWorkers: 3,
  testSequencer: "<rootDir>/test/support/longest-first.cjs",
  projects: [
    {
      ...common,
      displayName: "unit",
      testMatch: ["**/*.spec.ts"],
      testPathIgnorePatterns: [
        "\\.pg\\.spec\\.ts$",
        "\\.e2e\\.spec\\.ts$",
        "/node_modules/",
        "/dist/",
      ],
    },
    {
      ...common,
      displayName: "pg",
      testMatch: ["**/*.pg.spec.ts"],
      globalSetup: "<rootDir>/test/support/global-setup.ts",
      globalTeardown: "<rootDir>/test/support/global-teardown.ts",
    },
    {
      ...common,
      displayName: "e2e",
      testMatch: ["**/*.e2e.spec.ts"],
      globalSetup: "<rootDir>/test/support/global-setup.ts",
      globalTeardown: "<rootDir>/test/support/global-teardown.ts",
    },
  ],
};
