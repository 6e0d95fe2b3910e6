import {
  batchConfigEntrySchema,
  configKeySchema,
  isReservedKey,
  reservedKeyProblem,
  setConfigSchema,
  StratumError,
  validate,
  ValidationError,
  type SetConfigInput,
} from "@stratum-hq/core";
import type { ConfigInput } from "./config-plan";

/** @throws ValidationError for the key, the input, or a value that a reserved key cannot have */
export function parseEntry(key: string, input: SetConfigInput): ConfigInput {
  const valid = validate(configKeySchema, key, "key");
  return withReservedKeyChecked(
    { ...validate(setConfigSchema, input, "input"), key: valid },
    "input",
  );
}

/**
 * One item of a batch, or why it is refused.
 *
 * @param seen the keys of earlier items; the item's own is added
 */
export function parseItem(
  item: unknown,
  index: number,
  seen: Set<string>,
): ConfigInput | StratumError {
  const argument = `entries[${index}]`;
  try {
    const parsed = validate(batchConfigEntrySchema, item, argument);
    if (seen.has(parsed.key)) {
      return new ValidationError(argument, [
        { path: "key", message: "the batch has this key twice" },
      ]);
    }
    seen.add(parsed.key);
    return withReservedKeyChecked(parsed, argument);
  } catch (error) {
    if (error instanceof StratumError) return error;
    throw error;
  }
}

/** The key that a batch's result names for an item, however malformed. */
export function keyOf(item: unknown): string {
  if (typeof item !== "object" || item === null || !("key" in item)) return "";
  return typeof item.key === "string" ? item.key : "";
}

function withReservedKeyChecked(input: ConfigInput, argument: string): ConfigInput {
  if (input.sensitive === true && isReservedKey(input.key)) {
    const message = "Stratum itself reads reserved keys: they cannot be sensitive";
    throw new ValidationError(argument, [{ path: "sensitive", message }]);
  }
  const message = reservedKeyProblem(input.key, input.value);
  if (message !== null) throw new ValidationError(argument, [{ path: "value", message }]);
  return input;
}
