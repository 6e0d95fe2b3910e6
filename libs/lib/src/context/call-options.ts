import { validate, type AuditContext } from "@stratum-hq/core";
import type { z } from "zod";
import { currentCaller, type Caller } from "./caller";

/**
 * Reads the last two arguments of a method with options: `(options, audit)`, or `audit` alone, as
 * programs pass it that were written before the options were.
 */
export function readOptions<Schema extends z.ZodType>(
  schema: Schema,
  options: unknown,
  audit: AuditContext | undefined,
): { options: z.output<Schema>; caller: Caller } {
  if (audit === undefined && isAuditContext(options)) {
    return { options: validate(schema, {}, "options"), caller: currentCaller(options) };
  }
  return { options: validate(schema, options ?? {}, "options"), caller: currentCaller(audit) };
}

function isAuditContext(options: unknown): options is AuditContext {
  return typeof options === "object" && options !== null && "actor_id" in options;
}
