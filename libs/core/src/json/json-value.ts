import { z } from "zod";
import { JSON_MAX_BYTES, JSON_MAX_DEPTH } from "./limits";

/** Any JSON value. */
export type JsonValue =
  string | number | boolean | null | JsonValue[] | { [key: string]: JsonValue };

/** A JSON object. */
export type JsonObject = { [key: string]: JsonValue };

/** Says why PostgreSQL cannot store a text, or null when it can. */
export function textProblem(text: string): string | null {
  if (text.includes("\u0000")) return "text must not contain U+0000, which PostgreSQL cannot store";
  return text.isWellFormed() ? null : "text must be well-formed Unicode (it has a lone surrogate)";
}

/** Whether an object is one that JSON or a literal makes, not an instance of a class. */
export function isPlainObject(value: object): value is Record<string, unknown> {
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}

function scalarProblem(value: unknown): string | null {
  switch (typeof value) {
    case "string":
      return textProblem(value);
    case "number":
      return Number.isFinite(value) ? null : "numbers must be finite";
    case "boolean":
      return null;
    default:
      return value === null ? null : `${typeof value} is not a JSON value`;
  }
}

function childrenOf(value: object): unknown[] | string {
  if (Array.isArray(value)) return Array.from(value as unknown[]);
  if (!isPlainObject(value)) return "only plain objects and arrays are JSON values";
  for (const key of Object.keys(value)) {
    const problem = textProblem(key);
    if (problem !== null) return problem;
  }
  return Object.values(value);
}

/**
 * Says why a value cannot be stored as `jsonb` and read back equal, or null when it can.
 * Walks with an explicit stack, level by level, so that hostile nesting and cycles end at
 * {@link JSON_MAX_DEPTH} instead of exhausting ours or PostgreSQL's stack.
 */
export function jsonProblem(value: unknown): string | null {
  let level: unknown[] = [value];
  let seen = 0;
  for (let depth = 0; level.length > 0; depth += 1) {
    if (depth > JSON_MAX_DEPTH) return `values nest at most ${JSON_MAX_DEPTH} levels deep`;
    seen += level.length;
    if (seen > JSON_MAX_BYTES) return `a value holds at most ${JSON_MAX_BYTES} bytes of JSON`;
    const next: unknown[] = [];
    for (const item of level) {
      if (typeof item !== "object" || item === null) {
        const problem = scalarProblem(item);
        if (problem !== null) return problem;
        continue;
      }
      const children = childrenOf(item);
      if (typeof children === "string") return children;
      for (const child of children) next.push(child);
    }
    level = next;
  }
  return new TextEncoder().encode(JSON.stringify(value)).length > JSON_MAX_BYTES
    ? `a value holds at most ${JSON_MAX_BYTES} bytes of JSON`
    : null;
}

function reportProblem(value: unknown, context: z.RefinementCtx): void {
  const problem = jsonProblem(value);
  if (problem !== null) context.addIssue({ code: "custom", message: problem });
}

/** Any JSON value of at most 64 KiB. */
export const jsonValueSchema = z
  .custom<JsonValue>((value) => value !== undefined, {
    error: "a value is required; use null for none",
  })
  .superRefine(reportProblem);

/** A JSON object of at most 64 KiB. */
export const jsonObjectSchema = z
  .custom<JsonObject>(
    (value) => typeof value === "object" && value !== null && !Array.isArray(value),
    { error: "expected an object" },
  )
  .superRefine(reportProblem);
