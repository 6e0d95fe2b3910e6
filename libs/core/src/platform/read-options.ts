import { z } from "zod";

/** How a read is answered: `strong` always from the database. */
export const readOptionsSchema = z.strictObject({
  consistency: z.enum(["strong", "cached"]).optional(),
});
export type ReadOptions = z.input<typeof readOptionsSchema>;
