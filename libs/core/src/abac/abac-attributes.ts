import { isPlainObject } from "../json/json-value";

/** Where attributes stand in a request; a bare name looks in them in this order. */
const NAMESPACES = ["subject", "resource", "environment"] as const;
const NAMESPACED = /^(subject|resource|environment)\.(.*)$/s;

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** The value, or undefined for one that JSON has no word for. What it holds is not looked at. */
function jsonOrNothing(value: unknown): unknown {
  switch (typeof value) {
    case "string":
    case "boolean":
      return value;
    case "number":
      return Number.isFinite(value) ? value : undefined;
    case "object":
      return value === null || Array.isArray(value) || isPlainObject(value) ? value : undefined;
    default:
      return undefined;
  }
}

/** A property that the object has itself: nothing is found that JavaScript put there. */
function own(object: unknown, name: string): unknown {
  return isObject(object) && Object.hasOwn(object, name) ? object[name] : undefined;
}

/** A part of a name: itself, and all of the name from there on. */
interface Step {
  readonly first: string;
  readonly rest: string;
}

function stepsOf(name: string): Step[] {
  const parts = name.split(".");
  return parts.map((first, index) => ({ first, rest: parts.slice(index).join(".") }));
}

/** Follows a name; at each step a property that is called like all the rest of it goes first. */
function lookUp(object: unknown, steps: readonly Step[]): unknown {
  let holder = object;
  for (const { first, rest } of steps) {
    if (!isObject(holder)) return undefined;
    if (Object.hasOwn(holder, rest)) return jsonOrNothing(holder[rest]);
    holder = own(holder, first);
  }
  return undefined;
}

/**
 * Prepares the look-up of an attribute: taking a name apart costs more than following it. What it returns
 * gives the attribute of a request, undefined where it is missing, and throws where reading it does.
 */
export function attributeReader(name: string): (request: unknown) => unknown {
  const [, namespace, inside = ""] = NAMESPACED.exec(name) ?? [];
  if (namespace !== undefined) {
    const steps = stepsOf(inside);
    return (request) => lookUp(own(request, namespace), steps);
  }
  const steps = stepsOf(name);
  return (request) => {
    for (const each of NAMESPACES) {
      const found = lookUp(own(request, each), steps);
      if (found !== undefined) return found;
    }
    return undefined;
  };
}
