import { isPlainObject } from "../json/json-value";

/** Where attributes stand in a request; a bare name looks in them in this order. */
const NAMESPACES = ["subject", "resource", "environment"] as const;

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

/** Follows a name; at each step a property that is called like all the rest of it goes first. */
function lookUp(object: unknown, name: string): unknown {
  let holder = object;
  let rest = name;
  while (isObject(holder)) {
    if (Object.hasOwn(holder, rest)) return jsonOrNothing(holder[rest]);
    const dot = rest.indexOf(".");
    if (dot === -1) return undefined;
    holder = own(holder, rest.slice(0, dot));
    rest = rest.slice(dot + 1);
  }
  return undefined;
}

/** An attribute of a request; undefined where it is missing. */
export function attributeOf(request: unknown, name: string): unknown {
  for (const namespace of NAMESPACES) {
    if (name.charAt(namespace.length) === "." && name.startsWith(namespace)) {
      return lookUp(own(request, namespace), name.slice(namespace.length + 1));
    }
  }
  for (const namespace of NAMESPACES) {
    const found = lookUp(own(request, namespace), name);
    if (found !== undefined) return found;
  }
  return undefined;
}
