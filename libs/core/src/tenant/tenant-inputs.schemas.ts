import { z } from "zod";
import { configKeySchema } from "../config/config.schemas";
import { BATCH_CONFIG_MAX_ENTRIES } from "../config/limits";
import { reservedKeyProblem } from "../config/reserved-keys";
import { isPlainObject, jsonProblem, type JsonValue } from "../json/json-value";
import { printableText } from "../json/text";
import { DEFAULT_PAGE_SIZE, MAX_PAGE_SIZE } from "../platform/limits";
import { BATCH_CREATE_MAX_ITEMS, REASON_MAX_LENGTH } from "./limits";
import {
  expectedVersionSchema,
  externalIdSchema,
  ISOLATION_STRATEGIES,
  metadataSchema,
  slugSchema,
  TENANT_STATUSES,
  tenantIdSchema,
  tenantNameSchema,
} from "./tenant.schemas";

/** Says why a key cannot be set, or not to this value; null for none. */
function configProblem(key: string, value: unknown): string | null {
  const parsed = configKeySchema.safeParse(key);
  return parsed.success
    ? reservedKeyProblem(key, value)
    : parsed.error.issues.map((issue) => issue.message).join("; ");
}

// A record of Zod's would drop a key `__proto__` without a word.
const configOfNewTenant = z
  .custom<Record<string, JsonValue>>(
    (value) => typeof value === "object" && value !== null && isPlainObject(value),
    { error: "expected an object" },
  )
  .superRefine((config, context) => {
    const entries = Object.entries(config);
    if (entries.length > BATCH_CONFIG_MAX_ENTRIES) {
      context.addIssue({ code: "custom", message: `at most ${BATCH_CONFIG_MAX_ENTRIES} keys` });
      return;
    }
    for (const [key, value] of entries) {
      const message = jsonProblem(value) ?? configProblem(key, value);
      if (message !== null) context.addIssue({ code: "custom", path: [key], message });
    }
  })
  .meta({ type: "object", additionalProperties: {} });

/** `slug` is derived from `name` when left out; `parent_id` null or left out makes a root. */
export const createTenantSchema = z.strictObject({
  name: tenantNameSchema,
  parent_id: tenantIdSchema.nullish(),
  slug: slugSchema.optional(),
  external_id: externalIdSchema.nullish(),
  metadata: metadataSchema.optional(),
  /** Keys set as configuration entries of the new tenant, in the same transaction. */
  config: configOfNewTenant.optional(),
  isolation_strategy: z.enum(ISOLATION_STRATEGIES).optional(),
  /** The parent's when left out; the platform chooses another one, or (null) none. */
  region_id: tenantIdSchema.nullish(),
});
export type CreateTenantInput = z.input<typeof createTenantSchema>;

/**
 * An item of a batch. Its parent is an existing tenant (`parent_id`) or an earlier item of the same
 * batch (`parent_index`, counted from 0), not both.
 */
export const batchTenantSchema = createTenantSchema
  .extend({
    parent_index: z
      .number()
      .int()
      .min(0)
      .max(BATCH_CREATE_MAX_ITEMS - 1)
      .optional(),
  })
  .refine((item) => item.parent_index === undefined || item.parent_id == null, {
    error: "give parent_id or parent_index, not both",
    path: ["parent_index"],
  });
export type BatchTenantInput = z.input<typeof batchTenantSchema>;

/** Fields left out keep their value. `metadata` is replaced as a whole. */
export const updateTenantSchema = z.strictObject({
  name: tenantNameSchema.optional(),
  slug: slugSchema.optional(),
  external_id: externalIdSchema.nullish(),
  metadata: metadataSchema.optional(),
  /** While true, neither purge nor retention takes away anything of the tenant. */
  legal_hold: z.boolean().optional(),
  expected_version: expectedVersionSchema.optional(),
});
export type UpdateTenantInput = z.input<typeof updateTenantSchema>;

/** `subtree` takes the tenants below along, in one transaction. */
export const tenantStatusSchema = z.strictObject({
  subtree: z.boolean().optional(),
  reason: printableText(REASON_MAX_LENGTH).optional(),
  expected_version: expectedVersionSchema.optional(),
});
export type TenantStatusInput = z.input<typeof tenantStatusSchema>;

export const versionedSchema = z.strictObject({
  expected_version: expectedVersionSchema.optional(),
});
export type VersionedInput = z.input<typeof versionedSchema>;

/** The position among the siblings, counted from 0; beyond the last means last. */
export const positionSchema = z.number().int().min(0).max(2_147_483_647);

/** A page: `cursor` is the `next_cursor` of the page before. */
export const pageSchema = z.strictObject({
  cursor: z.string().max(2048).nullish(),
  limit: z.number().int().min(1).max(MAX_PAGE_SIZE).default(DEFAULT_PAGE_SIZE),
});
export type PageInput = z.input<typeof pageSchema>;

/** `parent_id: null` lists roots; left out, it does not filter. */
export const listTenantsSchema = pageSchema.extend({
  parent_id: tenantIdSchema.nullable().optional(),
  status: z.enum(TENANT_STATUSES).optional(),
  include_archived: z.boolean().optional(),
});
export type ListTenantsInput = z.input<typeof listTenantsSchema>;

export const listDescendantsSchema = pageSchema.extend({
  include_archived: z.boolean().optional(),
});
export type ListDescendantsInput = z.input<typeof listDescendantsSchema>;

/** One page of a list; `next_cursor` is null on the last. */
export interface Page<T> {
  readonly data: T[];
  readonly next_cursor: string | null;
  readonly has_more: boolean;
}

/** What `batchCreateTenants` returns: one of the two lists is empty. */
export interface BatchCreateResult<T> {
  readonly created: T[];
  readonly errors: BatchCreateError[];
}

/** Why the batch was refused; `index` counts from 0. */
export interface BatchCreateError {
  readonly index: number;
  readonly code: string;
  readonly error: string;
}

/** Each item is checked on its own, so that `errors` can name every bad one. */
export const batchCreateTenantsSchema = z.array(z.unknown()).min(1).max(BATCH_CREATE_MAX_ITEMS);
