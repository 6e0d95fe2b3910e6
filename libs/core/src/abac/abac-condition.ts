import { jsonEqual } from "../json/json-equal";
import type { JsonValue } from "../json/json-value";
import { attributeReader } from "./abac-attributes";
import type { AbacCondition, AbacOperator } from "./abac.schemas";

// jsonEqual calls methods of its left side and goes as deep as that: it is always the policy's, since an
// attribute's methods and depth are those of whoever made the request.

/** Whether the policy's list has the attribute; undefined where it is no list. */
function isAmong(attribute: unknown, list: JsonValue): boolean | undefined {
  if (!Array.isArray(list)) return undefined;
  return list.some((item) => jsonEqual(item, attribute as JsonValue));
}

/** Whether the attribute, a list or a text, has the policy's value; undefined where it is neither. */
function contains(attribute: unknown, value: JsonValue): boolean | undefined {
  if (typeof attribute === "string" && typeof value === "string") return attribute.includes(value);
  if (!Array.isArray(attribute)) return undefined;
  for (let index = 0; index < attribute.length; index += 1) {
    if (jsonEqual(value, attribute[index] as JsonValue)) return true;
  }
  return false;
}

/** Below, at or above 0 as `left` comes before, with or after `right`; undefined where neither can be said. */
function order(left: unknown, right: unknown): number | undefined {
  const comparable =
    (typeof left === "number" && typeof right === "number") ||
    (typeof left === "string" && typeof right === "string");
  if (!comparable) return undefined;
  return left < right ? -1 : left > right ? 1 : 0;
}

function not(answer: boolean | undefined): boolean | undefined {
  return answer === undefined ? undefined : !answer;
}

function compare(
  operator: AbacOperator,
  attribute: unknown,
  value: JsonValue,
): boolean | undefined {
  switch (operator) {
    case "eq":
      return jsonEqual(value, attribute as JsonValue);
    case "neq":
      return !jsonEqual(value, attribute as JsonValue);
    case "in":
      return isAmong(attribute, value);
    case "not_in":
      return not(isAmong(attribute, value));
    case "contains":
      return contains(attribute, value);
    default:
      return inOrder(operator, order(attribute, value));
  }
}

function inOrder(
  operator: "gt" | "gte" | "lt" | "lte",
  order: number | undefined,
): boolean | undefined {
  if (order === undefined) return undefined;
  switch (operator) {
    case "gt":
      return order > 0;
    case "gte":
      return order >= 0;
    case "lt":
      return order < 0;
    case "lte":
      return order <= 0;
  }
}

/**
 * Prepares a condition. What it returns tells whether the condition holds of a request: undefined where
 * the attribute is missing, or cannot be compared with the value.
 */
export function conditionTest({
  attribute,
  operator,
  value,
}: AbacCondition): (request: unknown) => boolean | undefined {
  const read = attributeReader(attribute);
  return (request) => {
    try {
      const found = read(request);
      return found === undefined ? undefined : compare(operator, found, value);
    } catch {
      // A getter or a proxy in the request that throws: as good as missing.
      return undefined;
    }
  };
}
