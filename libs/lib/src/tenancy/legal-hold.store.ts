/**
 * SQL: whether rows of a tenant may not be deleted, since it or a tenant above is on legal hold.
 *
 * @param tenantId SQL of the tenant's id, e.g. `e.tenant_id`; where that is null, so is the answer's tenant
 */
export function isOnLegalHold(tenantId: string): string {
  return `exists (
    select from stratum.tenants as own
    join stratum.tenants as holding on holding.legal_hold
      and holding.id = any(string_to_array(own.path::text, '.')::uuid[])
    where own.id = ${tenantId})`;
}
