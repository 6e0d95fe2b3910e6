import { z } from "zod";
import { printableText } from "../json/text";
import { tenantIdSchema } from "../tenant/tenant.schemas";
import { instantSchema } from "../time/instant";
import { milliseconds } from "./duration";
import {
  API_KEY_DORMANT_DAYS,
  API_KEY_NAME_MAX_LENGTH,
  API_KEY_OVERLAP_MAX_MS,
  RATE_LIMIT_WINDOW_MAX_MS,
} from "./limits";
import { scopesSchema } from "./scopes";

const INT_MAX = 2_147_483_647;

/** Milliseconds, or a text like `1 minute`. */
const durationSchema = z.union([z.number(), z.string()]).transform((value, context) => {
  const ms = typeof value === "number" ? value : milliseconds(value);
  if (ms !== null && Number.isInteger(ms) && ms > 0 && ms <= RATE_LIMIT_WINDOW_MAX_MS) return ms;
  context.addIssue({
    code: "custom",
    message: `expected 1 to ${RATE_LIMIT_WINDOW_MAX_MS} milliseconds, or a text like "1 minute"`,
  });
  return z.NEVER;
});

const rateLimitMax = z.number().int().min(1).max(INT_MAX);

/**
 * What a new key is to be. Scopes left out are `read`; a role, where one is named, takes their place.
 * The names in camel case are other spellings of those beside them.
 */
export const createApiKeySchema = z
  .strictObject({
    name: printableText(API_KEY_NAME_MAX_LENGTH).nullish(),
    scopes: scopesSchema.optional(),
    role_id: tenantIdSchema.nullish(),
    expires_at: instantSchema.nullish(),
    expiresAt: instantSchema.nullish(),
    rate_limit_max: rateLimitMax.nullish(),
    rateLimitMax: rateLimitMax.nullish(),
    rate_limit_window: durationSchema.nullish(),
    rateLimitWindow: durationSchema.nullish(),
  })
  .transform((input) => ({
    name: input.name ?? null,
    scopes: input.scopes ?? ["read"],
    role_id: input.role_id ?? null,
    expires_at: input.expires_at ?? input.expiresAt ?? null,
    rate_limit_max: input.rate_limit_max ?? input.rateLimitMax ?? null,
    rate_limit_window: input.rate_limit_window ?? input.rateLimitWindow ?? null,
  }));
export type CreateApiKeyInput = z.input<typeof createApiKeySchema>;

/** `overlap_ms`: how long the old key goes on working beside the new one; 0, the default, ends it at once. */
export const rotateApiKeySchema = z.strictObject({
  name: printableText(API_KEY_NAME_MAX_LENGTH).optional(),
  overlap_ms: z.number().int().min(0).max(API_KEY_OVERLAP_MAX_MS).default(0),
});
export type RotateApiKeyInput = z.input<typeof rotateApiKeySchema>;

export const revokeApiKeysSchema = z.strictObject({ subtree: z.boolean().optional() });
export type RevokeApiKeysInput = z.input<typeof revokeApiKeysSchema>;

/** Days without use after which a key counts as dormant. */
export const dormantDaysSchema = z.number().int().min(0).max(36_500).default(API_KEY_DORMANT_DAYS);

/** A key as it is kept: what it may do and until when, not what it is. Times are ISO 8601 in UTC. */
export interface ApiKey {
  readonly id: string;
  /** Null for a key of the platform. */
  readonly tenant_id: string | null;
  readonly name: string | null;
  readonly key_prefix: string;
  /** The last four characters, by which a person tells keys apart. */
  readonly key_hint: string;
  /** Its own scopes; `role_id`, where there is one, takes their place. */
  readonly scopes: readonly string[];
  readonly role_id: string | null;
  /** Requests in a window of milliseconds. */
  readonly rate_limit_max: number | null;
  readonly rate_limit_window: number | null;
  readonly expires_at: string | null;
  /** To the minute. */
  readonly last_used_at: string | null;
  readonly revoked_at: string | null;
  /** The key that a rotation put in its place. */
  readonly replaced_by: string | null;
  readonly created_at: string;
}

/** What creating and rotating return: the only time that the key itself is seen. */
export interface CreatedApiKey extends ApiKey {
  readonly plaintext_key: string;
}

/** What a valid key stands for. */
export interface ValidatedApiKey {
  readonly tenant_id: string | null;
  readonly key_id: string;
  /** In effect: the role's or its own, bundles named and expanded. */
  readonly scopes: readonly string[];
  readonly rate_limit_max: number | null;
  /** Milliseconds. */
  readonly rate_limit_window: number | null;
}

/** The scopes in effect of a key: its role's where it has one, which may be gone or out of reach. */
export function ownOrRoleScopes(key: {
  readonly scopes: readonly string[];
  readonly role_id: string | null;
  readonly role_scopes: readonly string[] | null;
}): readonly string[] {
  return key.role_id === null ? key.scopes : (key.role_scopes ?? []);
}
