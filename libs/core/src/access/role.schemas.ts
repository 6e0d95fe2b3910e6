import { z } from "zod";
import { printableText } from "../json/text";
import { expectedVersionSchema, tenantIdSchema } from "../tenant/tenant.schemas";
import {
  PRINCIPAL_ID_MAX_LENGTH,
  ROLE_DESCRIPTION_MAX_LENGTH,
  ROLE_NAME_MAX_LENGTH,
} from "./limits";
import { scopesSchema } from "./scopes";

const name = printableText(ROLE_NAME_MAX_LENGTH);
const description = printableText(ROLE_DESCRIPTION_MAX_LENGTH);

/** Without `tenant_id` the role is global: of the platform, for use in every tenant. */
export const createRoleSchema = z.strictObject({
  name,
  description: description.nullish(),
  scopes: scopesSchema,
  tenant_id: tenantIdSchema.nullish(),
});
export type CreateRoleInput = z.input<typeof createRoleSchema>;

/** Fields left out keep their value. `scopes` are replaced as a whole. */
export const updateRoleSchema = z.strictObject({
  name: name.optional(),
  description: description.nullish(),
  scopes: scopesSchema.optional(),
  expected_version: expectedVersionSchema.optional(),
});
export type UpdateRoleInput = z.input<typeof updateRoleSchema>;

/** What kind of principal: `user`, `service`, `group`, or what the host application has. */
export const principalTypeSchema = z.string().regex(/^[a-z][a-z0-9_-]{0,62}$/, {
  error: "expected a lower-case letter, then at most 62 of a-z, 0-9, _ and -",
});
/** The principal's id in the host application. */
export const principalIdSchema = printableText(PRINCIPAL_ID_MAX_LENGTH);

/** A named set of scopes. Times are ISO 8601 in UTC. */
export interface Role {
  readonly id: string;
  /** The tenant that it belongs to; null for a global one. */
  readonly tenant_id: string | null;
  readonly name: string;
  readonly description: string | null;
  readonly scopes: readonly string[];
  readonly version: number;
  readonly created_at: string;
  readonly updated_at: string;
}
