/** Freezes a JSON-like value and all that it holds; returns the same value. */
export function deepFreeze<T>(value: T): T {
  if (typeof value !== "object" || value === null || Object.isFrozen(value)) return value;
  // Without a list of the children: this runs on every value that is read.
  for (const key in value) deepFreeze(value[key]);
  return Object.freeze(value);
}
