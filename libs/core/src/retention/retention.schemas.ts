import { z } from "zod";
import { tenantIdSchema } from "../tenant/tenant.schemas";
import { RETENTION_MAX_DAYS } from "./limits";

/** For how many days something is kept. */
export const retentionDaysSchema = z.number().int().min(1).max(RETENTION_MAX_DAYS);

/** Whose records expire: a tenant's, with those below it or without; of everybody where none is named. */
export const retentionScopeSchema = z.strictObject({
  tenant_id: tenantIdSchema.optional(),
  include_descendants: z.boolean().optional(),
});
export type RetentionScopeInput = z.input<typeof retentionScopeSchema>;

/** How many records were deleted. */
export interface RetentionResult {
  readonly deleted_count: number;
}
