import type { z } from "zod";
import { ValidationError } from "./platform.errors";

/** An argument may have getters of its own, or be a proxy: what these throw is the caller's mistake. */
function parse<Schema extends z.ZodType>(
  schema: Schema,
  value: unknown,
  argument: string,
): z.ZodSafeParseResult<z.output<Schema>> {
  try {
    return schema.safeParse(value);
  } catch {
    const message = "reading it throws: pass an object without getters that throw";
    throw new ValidationError(argument, [{ path: "", message }]);
  }
}

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
  const parsed = parse(schema, value, argument);
  if (parsed.success) return parsed.data;
  throw new ValidationError(
    argument,
    parsed.error.issues.map(({ path, message }) => ({ path: path.map(String).join("."), message })),
  );
}
