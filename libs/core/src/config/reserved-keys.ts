import { z } from "zod";
import { ISOLATION_STRATEGIES } from "../tenant/tenant.schemas";

/** The prefix of the keys that Stratum itself reads. */
export const RESERVED_PREFIX = "stratum.";

/** How many requests a tenant's callers may send: `{ limit, window_ms }`. */
export const RATE_LIMIT_KEY = "stratum.rate_limit";

/** How many tenants may be below a tenant, archived ones included. */
export const MAX_DESCENDANTS_KEY = "stratum.max_descendants";

/** The isolation strategies that tenants may be created with, at a tenant and below it. */
export const ALLOWED_ISOLATION_KEY = "stratum.allowed_isolation";

/** A key `stratum.*` with the shape of its value. */
export const RESERVED_KEYS: Readonly<Record<string, z.ZodType>> = {
  [RATE_LIMIT_KEY]: z.strictObject({
    limit: z.number().int().positive(),
    window_ms: z.number().int().positive(),
  }),
  [MAX_DESCENDANTS_KEY]: z.number().int().min(0),
  [ALLOWED_ISOLATION_KEY]: z.array(z.enum(ISOLATION_STRATEGIES)).min(1),
  "stratum.retention.events_days": z.number().int().min(1),
  "stratum.retention.audit_days": z.number().int().min(1),
};

/** Whether only a tenant above, or the platform, may write the key. */
export function isReservedKey(key: string): boolean {
  return key.startsWith(RESERVED_PREFIX);
}

/** Says why a value does not fit a reserved key, or null when it does (or the key is an ordinary one). */
export function reservedKeyProblem(key: string, value: unknown): string | null {
  if (!isReservedKey(key)) return null;
  const schema = Object.hasOwn(RESERVED_KEYS, key) ? RESERVED_KEYS[key] : undefined;
  if (schema === undefined) {
    return `unknown reserved key; known ones are ${Object.keys(RESERVED_KEYS).join(", ")}`;
  }
  const parsed = schema.safeParse(value);
  return parsed.success ? null : parsed.error.issues.map((issue) => issue.message).join("; ");
}
