import { API_KEY_PEPPER_MIN_BYTES, validate } from "@stratum-hq/core";
import { z } from "zod";
import type { StratumOptions } from "./stratum-options";

const CONTEXT_KEY_MIN_BYTES = 32;
const KEY_PREFIX = /^[a-z][a-z0-9_]{0,30}_$/;

/** An object of the application's, known by what is called of it: its class may come from another copy. */
function withMethods<T>(expected: string, ...methods: readonly string[]): z.ZodType<T> {
  return z.custom<T>(
    (value) =>
      typeof value === "object" &&
      value !== null &&
      methods.every((name) => typeof (value as Record<string, unknown>)[name] === "function"),
    `expected ${expected}`,
  );
}

const pool = withMethods<StratumOptions["pool"]>("a pg.Pool", "connect", "query", "on");

function secret(bytes: number): z.ZodType<string | Uint8Array> {
  return z.custom<string | Uint8Array>(
    (value) =>
      (typeof value === "string" || value instanceof Uint8Array) &&
      Buffer.byteLength(value) >= bytes,
    `expected a text or bytes, at least ${bytes} bytes`,
  );
}

const isCallable = (value: unknown): boolean => typeof value === "function";

/** A resolver, or its class. */
const resolver = z.custom<NonNullable<StratumOptions["http"]>["resolvers"][number]>((value) => {
  if (isCallable(value)) return true;
  if (typeof value !== "object" || value === null) return false;
  const { kind, authenticate, select } = value as Record<string, unknown>;
  return kind === "credential"
    ? isCallable(authenticate)
    : kind === "selector" && isCallable(select);
}, "expected a credential resolver, a tenant selector, or a class of one");

const httpSchema = z.strictObject({
  resolvers: z.array(resolver),
  authorize: z
    .custom<NonNullable<StratumOptions["http"]>["authorize"]>(isCallable, "expected a function")
    .optional(),
  guard: z.boolean().optional(),
});

const optionsSchema = z.strictObject({
  pool,
  tenantPool: pool.optional(),
  contextKey: secret(CONTEXT_KEY_MIN_BYTES).optional(),
  // Each declaration is checked where tables are registered, by an error of its own.
  tenantTables: z.array(z.looseObject({ name: z.string() })).optional(),
  autoMigrate: z.boolean().optional(),
  preparedStatements: z.enum(["auto", "off"]).optional(),
  resetOnRelease: z.boolean().optional(),
  permissionOrigin: z.enum(["any", "root"]).optional(),
  keyPrefix: z.string().regex(KEY_PREFIX, "expected a-z, 0-9 and _, ending in _").optional(),
  apiKeyPepper: secret(API_KEY_PEPPER_MIN_BYTES).optional(),
  keyProvider: withMethods<NonNullable<StratumOptions["keyProvider"]>>(
    "a key provider with currentKeyId, wrap and unwrap",
    ...["currentKeyId", "wrap", "unwrap"],
  ).optional(),
  worker: z.boolean().optional(),
  connectionBudget: z.int().min(1).optional(),
  http: httpSchema.optional(),
  cacheSize: z.int().min(0).optional(),
} satisfies Record<keyof StratumOptions, z.ZodType>);

/**
 * The options as they were given, once all of them are right.
 *
 * @throws ValidationError naming each option that is unknown, missing or wrong
 */
export function validOptions(options: StratumOptions): StratumOptions {
  validate(optionsSchema, options, "options");
  return options;
}
