import type { Check } from "./check";

/** The column tenant_id of the tables that hold tenants' rows. */
export const COLUMN_CHECKS: readonly Check[] = [
  {
    check: "column",
    object: "t.name",
    problem: "format('tenant_id is %s, and has to be uuid', format_type(t.atttypid, null))",
    statement:
      "format('alter table %s alter column tenant_id type uuid using tenant_id::text::uuid', t.name)",
    from: "tenants t where t.atttypid <> 'uuid'::regtype",
  },
  {
    check: "column",
    object: "t.name",
    problem: "'tenant_id may be null: such rows are no tenant''s, and neither exported nor purged'",
    statement: "format('alter table %s alter column tenant_id set not null', t.name)",
    from: "tenants t where not t.attnotnull",
  },
  {
    check: "column",
    object: "t.name",
    problem: "'the default of tenant_id is not the tenant in context'",
    statement:
      "format('alter table %s alter column tenant_id set default stratum.current_tenant_id()', t.name)",
    from: "tenants t where not t.has_default and not t.relispartition",
    hole: false,
  },
  {
    check: "index",
    object: "t.name",
    problem: "'no index begins with tenant_id, so that each query reads the rows of all tenants'",
    statement: "format('create index on %s (tenant_id)', t.name)",
    from: `tenants t where not exists (select from pg_index i
      where i.indrelid = t.oid and i.indisvalid and i.indkey[0] = t.attnum)`,
    hole: false,
  },
];
