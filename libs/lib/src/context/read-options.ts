import { readOptionsSchema, validate, type ReadOptions } from "@stratum-hq/core";

export type { ReadOptions };

/** Whether the caller wants the database's answer. @throws ValidationError */
export function isStrong(options: ReadOptions): boolean {
  return validate(readOptionsSchema, options, "options").consistency === "strong";
}
