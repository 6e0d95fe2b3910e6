import { z } from "zod";
import { jsonObjectSchema } from "../json/json-value";
import { printableText } from "../json/text";
import {
  EXTERNAL_ID_MAX_LENGTH,
  MAX_TREE_DEPTH,
  TENANT_NAME_MAX_LENGTH,
  TENANT_SLUG_MAX_LENGTH,
} from "./limits";

/** Where a tenant's rows live: in tables that it shares, in a schema or in a database of its own. */
export const ISOLATION_STRATEGIES = ["SHARED_RLS", "SCHEMA_PER_TENANT", "DB_PER_TENANT"] as const;
export type IsolationStrategy = (typeof ISOLATION_STRATEGIES)[number];

/** The life of a tenant; semantics of each transition are documented with the methods. */
export const TENANT_STATUSES = [
  "provisioning",
  "active",
  "suspended",
  "archived",
  "purging",
] as const;
export type TenantStatus = (typeof TENANT_STATUSES)[number];

/** A tenant's id: a UUID, lower-case. Upper-case input is accepted. */
export const tenantIdSchema = z.guid({ error: "expected a UUID" }).toLowerCase();

/** A lower-case letter, then letters, digits and underscores; globally unique. */
export const slugSchema = z
  .string()
  .regex(new RegExp(`^[a-z][a-z0-9_]{0,${TENANT_SLUG_MAX_LENGTH - 1}}$`), {
    error: `expected a lower-case letter, then at most ${TENANT_SLUG_MAX_LENGTH - 1} of a-z, 0-9 and _`,
  });

export const tenantNameSchema = printableText(TENANT_NAME_MAX_LENGTH);
export const externalIdSchema = printableText(EXTERNAL_ID_MAX_LENGTH);

/** Free data of the host application, replaced as a whole by an update. */
export const metadataSchema = jsonObjectSchema;

/** The `version` that the caller last read; another current one is VERSION_CONFLICT. */
export const expectedVersionSchema = z.number().int().positive().max(2_147_483_647);

/** A tenant as every method returns it. Times are ISO 8601 in UTC. */
export const tenantSchema = z.strictObject({
  id: z.guid(),
  parent_id: z.guid().nullable(),
  /** Ids of the ancestors from the root, self excluded: `/` for a root, else `/a/b`. */
  ancestry_path: z.string().startsWith("/"),
  depth: z.number().int().min(0).max(MAX_TREE_DEPTH),
  name: tenantNameSchema,
  slug: slugSchema,
  external_id: externalIdSchema.nullable(),
  metadata: metadataSchema,
  isolation_strategy: z.enum(ISOLATION_STRATEGIES),
  /** Where its data lives; null where nobody has said. */
  region_id: z.guid().nullable(),
  status: z.enum(TENANT_STATUSES),
  /** Why it is suspended or archived, when the caller said. */
  status_reason: z.string().nullable(),
  /** Whether it, what is above and what is below may be purged, and its records expire. */
  legal_hold: z.boolean(),
  /** Position among its siblings; equal ones are ordered by id. */
  sort_order: z.number().int().min(0),
  version: z.number().int().positive(),
  /** When it was archived. */
  deleted_at: z.iso.datetime().nullable(),
  created_at: z.iso.datetime(),
  updated_at: z.iso.datetime(),
});
export type Tenant = z.output<typeof tenantSchema>;
