/** Arguments, lists, the database and its migrations. */
export * from "./limits";
export * from "./migration.errors";
export * from "./platform.errors";
export { validate } from "./validate";
export { readOptionsSchema, type ReadOptions } from "./read-options";
