import { slugSchema, tenantIdSchema } from "@stratum-hq/core";

/** By what a tenant is looked up. */
export type TenantKey = { readonly id: string } | { readonly slug: string };

/** Reads an id or a slug; a text that is neither is taken for a slug, which no tenant has. */
export function tenantKeyOf(text: string): TenantKey {
  const { data: id } = tenantIdSchema.safeParse(text);
  return id === undefined ? { slug: text } : { id };
}

/** Whether a tenant can have it at all. */
export function isPossibleKey(key: TenantKey): boolean {
  return "id" in key
    ? tenantIdSchema.safeParse(key.id).success
    : slugSchema.safeParse(key.slug).success;
}
