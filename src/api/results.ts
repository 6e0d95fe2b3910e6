import { configEntrySchema, tenantSchema } from "@stratum-hq/core";
import { z } from "zod";

/** The names under which the documentation has schemas once, for all that refer to them. */
export const NAMED = z.registry<{ id: string }>();

/** Gives a schema a name in the documentation. */
export function named<Schema extends z.ZodType>(name: string, schema: Schema): Schema {
  NAMED.add(schema, { id: name });
  return schema;
}

/** Parts that many results have. */
export const id = z.guid();
export const time = z.iso.datetime();
export const count = z.number().int().min(0);
export const version = z.number().int().positive();
export const json = named("Json", z.json());
export const jsonObject = z.record(z.string(), json);
export const times = { created_at: time, updated_at: time } as const;

/** Where an inherited value comes from; null to who may not know that tenant. */
export const source = {
  source: z.string(),
  source_tenant_id: id.nullable(),
  locked: z.boolean(),
} as const;

named("Tenant", tenantSchema);
named("ConfigEntry", configEntrySchema);
