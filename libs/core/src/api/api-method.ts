import type { ErrorCode, Scope } from "../codes";

/**
 * What a method does to the data: a reader changes nothing; a mutator leaves its audit row, which a test checks of each; a
 * recorder adds a row of its own kind, a record in itself, and leaves no audit row.
 */
export type Effect = "reader" | "mutator" | "recorder";

/**
 * Where a positional argument travels in an HTTP request:
 *
 * - `path`: the segment of this name;
 * - `query`: the parameter of this name, for text, numbers and booleans; left out where the argument is;
 * - `queries`: an object whose members are query parameters;
 * - `body`: an object whose members are the body's;
 * - `field`: the body's member of this name;
 * - `bodyOrText`: as `body`; a text is the member of this name.
 */
export type ArgumentPlace =
  | { readonly in: "path" | "query" | "field" | "bodyOrText"; readonly name: string }
  | { readonly in: "queries" | "body" };

/** More than a method's own scope, asked for where the arguments ask for more. */
export interface Escalation {
  /** Looks at the arguments as the caller gave them, before they are validated. It never throws. */
  readonly when: (args: readonly unknown[]) => boolean;
  readonly scope: Scope;
}

/** What every door has to know of a method: one entry of {@link STRATUM_API}. */
export interface ApiMethod {
  readonly effect: Effect;
  /** The HTTP verb, and the path below `/api/v1`. */
  readonly http: `${"GET" | "POST" | "PUT" | "PATCH" | "DELETE"} /${string}`;
  /** The HTTP status of a success. A batch with failures answers 207. */
  readonly status: 200 | 201 | 204;
  /** Where each argument travels, in the order of the arguments; the audit context stays at home. */
  readonly args: readonly ArgumentPlace[];
  /** What a caller has to hold; `none` where the method itself decides who may. */
  readonly scope: Scope | "none";
  /** What it has to hold beside `scope`. */
  readonly alsoScopes?: readonly Scope[];
  readonly escalations?: readonly Escalation[];
  /**
   * A list, which HTTP answers as a page. `page`: the method returns pages; `array`: it returns all there is; `either`: all
   * there is, or a page where it is given `limit` or `cursor`.
   */
  readonly list?: "page" | "array" | "either";
  /** Whether the items of a batch may fail alone. */
  readonly batch?: true;
  /** The member of the response that holds a result which is no object: a truth value, a number, texts, or null. */
  readonly wrap?: string;
  /** The error that HTTP answers where the method returns null or false for what is not there. */
  readonly absent?: ErrorCode;
  /** Whether the result is a stream of NDJSON. */
  readonly stream?: true;
  /** Whether it goes on as an operation that outlives the request. */
  readonly long?: true;
}

export const path = <Name extends string>(name: Name) => ({ in: "path", name }) as const;
export const query = <Name extends string>(name: Name) => ({ in: "query", name }) as const;
export const field = <Name extends string>(name: Name) => ({ in: "field", name }) as const;
export const bodyOrText = <Name extends string>(name: Name) =>
  ({ in: "bodyOrText", name }) as const;
export const queries = () => ({ in: "queries" }) as const;
export const body = () => ({ in: "body" }) as const;

/** A member of an argument that has not been validated: undefined where there is none, or reading it throws. */
export function member(argument: unknown, name: string): unknown {
  if (typeof argument !== "object" || argument === null) return undefined;
  try {
    return (argument as Record<string, unknown>)[name];
  } catch {
    return undefined;
  }
}
