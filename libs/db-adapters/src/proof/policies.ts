const OWN_ROWS = "tenant_id = (select stratum.current_tenant_id())";
const READABLE_ROWS =
  "tenant_id = (select readable.id from stratum.readable_tenants as readable where readable.id = tenant_id)";

/**
 * The policies that `enableRls` makes, in a copy of the proof's own: the suite of a sound database fails where
 * they differ.
 */
export const POLICIES = {
  stratum_isolation: `as restrictive to stratum_tenant using (${OWN_ROWS}) with check (${OWN_ROWS})`,
  stratum_access: "as permissive to stratum_tenant using (true) with check (true)",
  stratum_subtree_select: `as restrictive for select to stratum_subtree using (${READABLE_ROWS})`,
  stratum_subtree_insert: `as restrictive for insert to stratum_subtree with check (${OWN_ROWS})`,
  stratum_subtree_update: `as restrictive for update to stratum_subtree using (${OWN_ROWS}) with check (${OWN_ROWS})`,
  stratum_subtree_delete: `as restrictive for delete to stratum_subtree using (${OWN_ROWS})`,
} as const;

/** The conditions, as PostgreSQL prints them where pg_catalog alone is on the search path; `%s` is the table. */
export const PRINTED = {
  ownRows: "(tenant_id = ( SELECT stratum.current_tenant_id() AS current_tenant_id))",
  readableRows:
    "(tenant_id = ( SELECT readable.id FROM stratum.readable_tenants readable WHERE (readable.id = %s.tenant_id)))",
};
