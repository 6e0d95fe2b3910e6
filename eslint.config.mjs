import { basename } from "node:path";
import tseslint from "typescript-eslint";

const SQL =
  "^\\s*(select|insert into|update|delete from|with|begin|(create|alter|drop) (table|index|role|schema|database))\\s";
const WEAK_NAMES = "(Manager|Helper|Util|Utils|Impl|Info|Data)$";

/** Files are named in kebab-case, with the role as suffix: tenant-status.service.ts. */
const kebabCase = {
  create: (context) => ({
    Program(node) {
      const name = basename(context.filename);
      if (/^(\d+-)?[a-z0-9]+(-[a-z0-9]+)*(\.[a-z0-9-]+)*\.[a-z]+$/.test(name)) return;
      context.report({ node, message: `Name the file in kebab-case, not "${name}".` });
    },
  }),
};

const weakNames = {
  selector: `ClassDeclaration[id.name=/${WEAK_NAMES}/]`,
  message: "Name the class after what it is in the field's terms (CONTRIBUTING, style).",
};

const sqlOutsideStores = [
  {
    selector: `Literal[value=/${SQL}/i]`,
    message: "SQL belongs into a *.store.ts, a migration or persistence/.",
  },
  {
    selector: `TemplateLiteral > TemplateElement:first-child[value.raw=/${SQL}/i]`,
    message: "SQL belongs into a *.store.ts, a migration or persistence/.",
  },
];

/** Transactions that no caller of the API asks for; all others are opened by Mutations. */
const OPENS_TRANSACTIONS = [
  "libs/lib/src/tenancy/mutations.ts",
  // Steps of operations, whose start is the caller's mutation; and the worker of consents' expiry.
  "libs/lib/src/operations/operation-runner.ts",
  "libs/lib/src/consent/consent-expiry-worker.ts",
  // What a process makes for itself as it starts: its keys and secrets, and the shared tables.
  "libs/lib/src/context-keys/context-key-installation.ts",
  "libs/lib/src/crypto/platform-secrets.ts",
  "libs/lib/src/isolation/shared-tables.ts",
  // The signing key of a tenant's database, in the transaction that locks the key.
  "libs/lib/src/tenant-databases/database-keys.ts",
];

const transactionsByHand = {
  selector:
    "CallExpression[callee.property.name='transaction']:matches([callee.object.property.name='database'], [callee.object.name='database'])",
  message: "A caller's change goes through Mutations.run (CONTRIBUTING, where code goes).",
};

const TESTS = [
  "**/*.spec.ts",
  "**/*.cases.ts",
  "**/*.payloads.ts",
  "test/**",
  "libs/*/test/**",
  "bench/**",
];

export default tseslint.config(
  { ignores: ["**/dist/**", "**/node_modules/**", "**/.stratum/**", "**/*.cjs", "**/*.mjs"] },
  { files: ["**/*.js"], languageOptions: { sourceType: "commonjs" } },
  {
    files: ["**/*.ts"],
    extends: [tseslint.configs.strictTypeChecked],
    languageOptions: {
      parserOptions: { project: "tsconfig.check.json", tsconfigRootDir: import.meta.dirname },
    },
    plugins: { stratum: { rules: { "kebab-case": kebabCase } } },
    rules: {
      "stratum/kebab-case": "error",
      "max-lines": ["error", { max: 400 }],
      "max-lines-per-function": ["error", { max: 80 }],
      "max-params": ["error", { max: 5 }],
      complexity: ["error", { max: 12 }],
      eqeqeq: ["error", "always", { null: "ignore" }],
      "no-restricted-syntax": ["error", weakNames, ...sqlOutsideStores],
      "no-restricted-imports": [
        "error",
        {
          patterns: [
            {
              group: ["@stratum-hq/*/*", "!@stratum-hq/db-adapters/typeorm"],
              message: "Import the package's index.",
            },
          ],
        },
      ],
      // Nest's modules are empty classes.
      "@typescript-eslint/no-extraneous-class": ["error", { allowWithDecorator: true }],
      "@typescript-eslint/restrict-template-expressions": [
        "error",
        { allowNumber: true, allowBoolean: true, allowNullish: true },
      ],
      // A type parameter in the result alone says what a row looks like.
      "@typescript-eslint/no-unnecessary-type-parameters": "off",
      // Option types of Nest and nestjs-cls are classes that are never instantiated.
      "@typescript-eslint/no-unsafe-class-instance-assignment": "off",
      "@typescript-eslint/use-unknown-in-catch-callback-variable": "off",
      "@typescript-eslint/no-confusing-void-expression": ["error", { ignoreArrowShorthand: true }],
    },
  },
  { files: ["libs/**/*.ts"], ignores: TESTS, rules: { "no-console": "error" } },
  {
    files: [
      "**/*.store.ts",
      "migrations/**/*.ts",
      "libs/lib/src/persistence/**/*.ts",
      "libs/db-adapters/**/*.ts",
    ],
    rules: { "no-restricted-syntax": ["error", weakNames] },
  },
  {
    files: ["libs/lib/src/**/*.ts"],
    ignores: [...OPENS_TRANSACTIONS, "libs/lib/src/persistence/**", "**/*.store.ts"],
    rules: {
      "no-restricted-syntax": ["error", weakNames, ...sqlOutsideStores, transactionsByHand],
    },
  },
  {
    files: ["libs/lib/src/**/*.store.ts"],
    ignores: ["libs/lib/src/persistence/**"],
    rules: { "no-restricted-syntax": ["error", weakNames, transactionsByHand] },
  },
  {
    files: TESTS,
    rules: {
      "no-restricted-syntax": "off",
      // A suite is one long describe.
      "max-lines-per-function": "off",
      "@typescript-eslint/no-non-null-assertion": "off",
    },
  },
);
