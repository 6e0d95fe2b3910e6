import { z } from "zod";
import { jsonObjectSchema, type JsonObject } from "../json/json-value";
import { printableText } from "../json/text";
import { expectedVersionSchema, slugSchema } from "../tenant/tenant.schemas";
import { REGION_NAME_MAX_LENGTH, REGION_URL_MAX_LENGTH } from "./limits";

/** `active` takes tenants; `draining` keeps those it has and takes no more; `inactive` is not in use. */
export const REGION_STATUSES = ["active", "draining", "inactive"] as const;
export type RegionStatus = (typeof REGION_STATUSES)[number];

const url = (protocol: RegExp, error: string) =>
  z.url({ protocol, error }).max(REGION_URL_MAX_LENGTH);

const fields = {
  display_name: printableText(REGION_NAME_MAX_LENGTH),
  control_plane_url: url(/^https?$/, "expected a URL with http or https"),
  database_url: url(/^postgres(ql)?$/, "expected a URL with postgres or postgresql"),
};

/** `database_url` is where the region's databases are, with a login: kept encrypted, never shown again. */
export const createRegionSchema = z.strictObject({
  display_name: fields.display_name,
  slug: slugSchema,
  control_plane_url: fields.control_plane_url.nullish(),
  database_url: fields.database_url.nullish(),
  is_primary: z.boolean().optional(),
  status: z.enum(REGION_STATUSES).optional(),
  metadata: jsonObjectSchema.nullish(),
});
export type CreateRegionInput = z.input<typeof createRegionSchema>;

/** Fields left out keep their value; `metadata` is replaced as a whole. */
export const updateRegionSchema = z.strictObject({
  display_name: fields.display_name.optional(),
  control_plane_url: fields.control_plane_url.nullish(),
  database_url: fields.database_url.nullish(),
  is_primary: z.boolean().optional(),
  status: z.enum(REGION_STATUSES).optional(),
  metadata: jsonObjectSchema.optional(),
  expected_version: expectedVersionSchema.optional(),
});
export type UpdateRegionInput = z.input<typeof updateRegionSchema>;

/** Where tenants' data lives. Times are ISO 8601 in UTC. */
export interface Region {
  readonly id: string;
  readonly display_name: string;
  readonly slug: string;
  readonly control_plane_url: string | null;
  /** Never the URL itself: masked where the region has one, null where it has none. */
  readonly database_url: string | null;
  /** Whether it is the one primary region. */
  readonly is_primary: boolean;
  readonly status: RegionStatus;
  readonly metadata: JsonObject;
  readonly version: number;
  readonly created_at: string;
  readonly updated_at: string;
}
