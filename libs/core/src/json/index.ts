/** JSON. */
export * from "./limits";
export {
  jsonObjectSchema,
  jsonProblem,
  jsonValueSchema,
  type JsonObject,
  type JsonValue,
} from "./json-value";
export { deepFreeze } from "./deep-freeze";
export { jsonEqual } from "./json-equal";
