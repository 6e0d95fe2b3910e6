import { z } from "zod";
import { TENANT_WALK_MAX_CONCURRENCY } from "./limits";

/** How a tenant is entered: what its code may read, and whether some of it may be missing. */
export const runInTenantSchema = z.strictObject({
  scope: z.enum(["tenant", "subtree"]).default("tenant"),
  partial: z.boolean().default(false),
});
export type RunInTenantOptions = z.input<typeof runInTenantSchema>;

/** How a tenant and those below are walked through: how many at a time. */
export const forEachTenantSchema = z.strictObject({
  concurrency: z.number().int().min(1).max(TENANT_WALK_MAX_CONCURRENCY).default(4),
});
export type ForEachTenantOptions = z.input<typeof forEachTenantSchema>;
