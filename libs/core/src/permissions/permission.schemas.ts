import { z } from "zod";
import { configKeySchema } from "../config/config.schemas";
import { jsonValueSchema, type JsonValue } from "../json/json-value";
import { expectedVersionSchema } from "../tenant/tenant.schemas";

/** What tenants below may do with the key: nothing, set another value, or all that its owner may. */
export const PERMISSION_MODES = ["LOCKED", "INHERITED", "DELEGATED"] as const;
export type PermissionMode = (typeof PERMISSION_MODES)[number];

/** What deleting the policy takes along: all policies of the key below, itself alone, or it is refused. */
export const REVOCATION_MODES = ["CASCADE", "SOFT", "PERMANENT"] as const;
export type RevocationMode = (typeof REVOCATION_MODES)[number];

/** Who may introduce a key that no tenant above has a policy for. */
export const PERMISSION_ORIGINS = ["any", "root"] as const;
export type PermissionOrigin = (typeof PERMISSION_ORIGINS)[number];

/** The same characters as a configuration key's. */
export const permissionKeySchema = configKeySchema;

const mode = z.enum(PERMISSION_MODES);
const revocationMode = z.enum(REVOCATION_MODES);

export const createPermissionSchema = z.strictObject({
  key: permissionKeySchema,
  value: jsonValueSchema.default(true),
  mode: mode.default("INHERITED"),
  revocation_mode: revocationMode.default("CASCADE"),
});
export type CreatePermissionInput = z.input<typeof createPermissionSchema>;

/** Fields left out keep their value. `force` lets the platform change a PERMANENT policy. */
export const updatePermissionSchema = z.strictObject({
  value: jsonValueSchema.optional(),
  mode: mode.optional(),
  revocation_mode: revocationMode.optional(),
  expected_version: expectedVersionSchema.optional(),
  force: z.boolean().optional(),
});
export type UpdatePermissionInput = z.input<typeof updatePermissionSchema>;

/** `force` lets the platform delete a PERMANENT policy. */
export const deletePermissionSchema = z.strictObject({
  expected_version: expectedVersionSchema.optional(),
  force: z.boolean().optional(),
});
export type DeletePermissionInput = z.input<typeof deletePermissionSchema>;

/** `force` lets the platform ban what a PERMANENT policy at the tenant or below still grants. */
export const banPermissionSchema = z.strictObject({ force: z.boolean().optional() });
export type BanPermissionInput = z.input<typeof banPermissionSchema>;

/** A tenant's own policy, as create and update return it. Times are ISO 8601 in UTC. */
export interface PermissionPolicy {
  readonly id: string;
  readonly tenant_id: string;
  readonly key: string;
  readonly value: JsonValue;
  readonly mode: PermissionMode;
  readonly revocation_mode: RevocationMode;
  readonly version: number;
  readonly created_at: string;
  readonly updated_at: string;
}

/** A key that is revoked at a tenant and below, whatever is granted above. */
export interface PermissionBan {
  readonly tenant_id: string;
  readonly key: string;
  readonly created_at: string;
}
