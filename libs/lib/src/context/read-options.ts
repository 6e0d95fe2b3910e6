import { validate } from "@stratum-hq/core";
import { z } from "zod";

/** How a read is answered: `strong` always from the database. */
const readOptionsSchema = z.strictObject({
  consistency: z.enum(["strong", "cached"]).optional(),
});
export type ReadOptions = z.input<typeof readOptionsSchema>;

/** Whether the caller wants the database's answer. @throws ValidationError */
export function isStrong(options: ReadOptions): boolean {
  return validate(readOptionsSchema, options, "options").consistency === "strong";
}
