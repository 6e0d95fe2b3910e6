/** Where the tables are of the tenants that share them. */
export const SHARED_SCHEMA = "public";

/** What the schema of a tenant's own is called: by its id, so that it keeps its name when the tenant does not. */
export function schemaOf(tenantId: string): string {
  return `tenant_${tenantId.replaceAll("-", "")}`;
}

/** What the database of a tenant's own is called, by its id likewise. */
export function databaseOf(tenantId: string): string {
  return `stratum_${tenantId.replaceAll("-", "")}`;
}
