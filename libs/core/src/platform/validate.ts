import type { z } from "zod";
import { ValidationError } from "./platform.errors";

/**
 * Parses an argument, or throws a ValidationError that lists everything wrong with it.
 *
 * @param argument the argument's name, as the method's signature has it
 */
export function validate<Schema extends z.ZodType>(
  schema: Schema,
  value: unknown,
  argument: string,
): z.output<Schema> {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  throw new ValidationError(
    argument,
    parsed.error.issues.map(({ path, message }) => ({ path: path.map(String).join("."), message })),
  );
}
