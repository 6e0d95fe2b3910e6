import type { JsonObject, JsonValue } from "../json/json-value";
import { namesSecret, namesSeveral } from "./secret-names";
import { MASK, textMask } from "./secret-text";

/** Members by which an object says what its `value` is of. */
const NAMING_MEMBERS = ["key", "name", "attribute"] as const;

/** Takes the secrets out of what the audit log and the events keep; see {@link secretMask}. */
export interface SecretMask {
  /** A text without the secrets that it quotes. */
  readonly text: (text: string) => string;
  /** A value without its secrets; the same object where it has none. */
  readonly value: (value: JsonValue) => JsonValue;
  /** Both states of a change: what is sensitive in one of them is shown in neither. */
  readonly states: (before: JsonValue, after: JsonValue) => readonly [JsonValue, JsonValue];
}

function isObject(value: JsonValue | undefined): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Whether nothing that could be secret is in it: a flag, nothing, or how many there are of several. */
function isHarmless(name: string, value: JsonValue): boolean {
  if (value === null || typeof value === "boolean" || value === "") return true;
  return typeof value === "number" && namesSeveral(name);
}

/** Whether the object itself says that its `value` is a secret. */
function hidesValue(object: JsonObject): boolean {
  if (object.sensitive === true) return true;
  return NAMING_MEMBERS.some((member) => {
    const name = object[member];
    return typeof name === "string" && namesSecret(name) && !isHarmless(name, object.value ?? null);
  });
}

/** The object with `sensitive` taken over from its counterpart, also of entries that are keyed. */
function asSensitiveAs(state: JsonValue, other: JsonValue): JsonValue {
  if (!isObject(state) || !isObject(other)) return state;
  if (other.sensitive === true && state.sensitive === false) return { ...state, value: MASK };
  return withItems(state, (key, item) =>
    isObject(item) ? asSensitiveAs(item, other[key] ?? null) : item,
  );
}

/** The object with its items replaced; itself where they are the same. States may have a thousand of them. */
function withItems(
  object: JsonObject,
  replaced: (name: string, item: JsonValue) => JsonValue,
): JsonObject {
  const names = Object.keys(object);
  const items = names.map((name) => replaced(name, object[name] as JsonValue));
  // fromEntries defines properties, so that a key "__proto__" is a key like any other.
  return names.every((name, n) => items[n] === object[name])
    ? object
    : Object.fromEntries(names.map((name, n) => [name, items[n] as JsonValue]));
}

/**
 * Makes the mask through which audit rows and events are written. It replaces with `[masked]`:
 * values of members whose names name a secret (`password`, `apiKey`, `Authorization`), word by word;
 * the `value` of an object whose `key` or `name` does, or that is `sensitive: true`; and, inside texts,
 * credentials of URLs and connection strings, bearer tokens, private keys and Stratum's own keys.
 * Flags, null, and numbers of several (`max_tokens`) stay.
 *
 * @param keyPrefix what this deployment's API keys begin with, where not with the usual prefix
 */
export function secretMask(keyPrefix?: string): SecretMask {
  const text = textMask(keyPrefix);

  const member = (name: string, value: JsonValue, hidden: boolean): JsonValue => {
    if (hidden && name === "value") return MASK;
    if (!namesSecret(name) || isHarmless(name, value)) return mask(value);
    // Entries of configuration keyed by their names say themselves which part is the value.
    if (isObject(value) && value.key === name) return "value" in value ? mask(value) : MASK;
    return MASK;
  };

  const object = (value: JsonObject): JsonObject => {
    const hidden = hidesValue(value);
    const shown = withItems(value, (name, item) => member(name, item, hidden));
    const names = Object.keys(value);
    return names.every((name) => text(name) === name)
      ? shown
      : Object.fromEntries(names.map((name) => [text(name), shown[name] as JsonValue]));
  };

  const list = (value: JsonValue[]): JsonValue => {
    const masked = value.map(mask);
    return masked.every((item, n) => item === value[n]) ? value : masked;
  };

  function mask(value: JsonValue): JsonValue {
    if (typeof value === "string") return text(value);
    if (Array.isArray(value)) return list(value);
    return isObject(value) ? object(value) : value;
  }

  return {
    text,
    value: mask,
    states: (before, after) => [
      mask(asSensitiveAs(before, after)),
      mask(asSensitiveAs(after, before)),
    ],
  };
}

/** {@link secretMask} of one value, for who has no more than one. */
export function maskSecrets(value: JsonValue, keyPrefix?: string): JsonValue {
  return secretMask(keyPrefix).value(value);
}
