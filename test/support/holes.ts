/** A hole as somebody might leave it in the tables of `useTenantTables`. */
export interface Hole {
  readonly hole: string;
  /** What leaves it; `{database}` is the database's name. */
  readonly plant: string;
  /** What the proof says of it. */
  readonly check: string;
  readonly object: string;
  /** The attack that gets through, where one does that `useTenantTables` has the rows for. */
  readonly leaks?: string;
}

const READ = "to stratum_tenant";
const POLICY = "create policy stratum_isolation on orders as";
const OWN = "(tenant_id = (select stratum.current_tenant_id()))";

const POLICIES: readonly Hole[] = [
  {
    hole: "row-level security off",
    plant: "alter table orders disable row level security",
    check: "row security",
    object: "public.orders",
    leaks: "copy in",
  },
  {
    hole: "row-level security not forced",
    plant: "alter table orders no force row level security",
    check: "force",
    object: "public.orders",
  },
  {
    hole: "no restrictive policy beside a permissive one of the host's",
    plant: "drop policy stratum_isolation on orders; create policy open on orders using (true)",
    check: "policy",
    object: "public.orders",
    leaks: "read",
  },
  {
    hole: "policies and grants that a member of stratum_tenant dropped, beside a permissive one of the host's",
    plant:
      "drop owned by stratum_tenant; grant select on orders to public; create policy open on orders using (true)",
    check: "policy",
    object: "public.orders",
  },
  {
    hole: "a policy without WITH CHECK of its own",
    plant: `alter policy stratum_isolation on orders with check (true)`,
    check: "policy",
    object: "public.orders",
    leaks: "insert",
  },
  {
    hole: "a policy whose USING lets all rows in",
    plant: `alter policy stratum_isolation on orders using (true or tenant_id = (select stratum.current_tenant_id()))`,
    check: "policy",
    object: "public.orders",
    leaks: "delete",
  },
  {
    hole: "a policy for updating only",
    plant: `drop policy stratum_isolation on orders; ${POLICY} restrictive for update to stratum_tenant using ${OWN} with check ${OWN}`,
    check: "policy",
    object: "public.orders",
    leaks: "read",
  },
  {
    hole: "a permissive policy in the restrictive one's place",
    plant: `drop policy stratum_isolation on orders; ${POLICY} permissive to stratum_tenant using ${OWN} with check ${OWN}`,
    check: "policy",
    object: "public.orders",
    leaks: "read",
  },
  {
    hole: "a policy for another role",
    plant: "alter policy stratum_isolation on orders to stratum_maintenance",
    check: "policy",
    object: "public.orders",
    leaks: "update",
  },
  {
    hole: "an operator that shadows = in the policy",
    plant: `create function always(uuid, uuid) returns boolean language sql immutable as 'select true';
      create operator public.= (leftarg = uuid, rightarg = uuid, function = always);
      alter policy stratum_isolation on orders using (tenant_id operator(public.=) (select stratum.current_tenant_id()))`,
    check: "policy",
    object: "public.orders",
    leaks: "read",
  },
];

const TABLES: readonly Hole[] = [
  {
    hole: "a table of tenants' rows without policies",
    plant: `create table notes (tenant_id uuid not null, note text); grant select, insert, update, delete on notes ${READ}`,
    check: "unprotected",
    object: "public.notes",
    leaks: "merge",
  },
  {
    hole: "a partition that is reached directly",
    plant: `create table visits (tenant_id uuid not null default stratum.current_tenant_id(), at date) partition by range (at);
      create index on visits (tenant_id);
      alter table visits enable row level security, force row level security;
      create policy stratum_isolation on visits as restrictive to stratum_tenant using ${OWN} with check ${OWN};
      create policy stratum_access on visits to stratum_tenant using (true);
      create table visits_2026 partition of visits for values from ('2026-01-01') to ('2027-01-01');
      grant select, insert on visits ${READ}; grant select on visits_2026 ${READ}`,
    check: "partition",
    object: "public.visits_2026",
    leaks: "read",
  },
  {
    hole: "a child that inherits, reached directly",
    plant: `create table old_orders () inherits (orders); grant select, insert on old_orders ${READ}`,
    check: "partition",
    object: "public.old_orders",
    leaks: "insert",
  },
  {
    hole: "a parent without tenant_id, reached",
    plant: `create table base (note text not null); alter table orders inherit base; grant select on base ${READ}`,
    check: "inheritance",
    object: "public.base",
  },
  {
    hole: "a foreign table",
    plant: `create foreign data wrapper wrapper; create server far foreign data wrapper wrapper;
      create foreign table far_orders (tenant_id uuid) server far; grant select on far_orders ${READ}`,
    check: "foreign table",
    object: "public.far_orders",
  },
  {
    hole: "a table that the tenants' role owns",
    plant:
      "grant create on schema public to stratum_tenant; alter table orders owner to stratum_tenant; revoke create on schema public from stratum_tenant",
    check: "owner",
    object: "public.orders",
  },
  {
    hole: "TRUNCATE granted",
    plant: "grant truncate on orders to public",
    check: "grant",
    object: "public.orders",
    leaks: "truncate",
  },
  {
    hole: "rows that may be nobody's",
    plant: "alter table customers alter column tenant_id drop not null",
    check: "column",
    object: "public.customers",
  },
  {
    hole: "a unique constraint without tenant_id",
    plant: "alter table customers add constraint one_name unique (name)",
    check: "unique",
    object: "public.one_name",
    leaks: "same values",
  },
  {
    hole: "a unique index without tenant_id",
    plant: "create unique index by_lower on customers (lower(name)) where name <> ''",
    check: "unique",
    object: "public.by_lower",
  },
  {
    hole: "a foreign key on the id alone",
    plant: `alter table orders drop constraint orders_tenant_id_customer_id_fkey;
      alter table orders add constraint to_customer foreign key (customer_id) references customers (id) on delete set null`,
    check: "foreign key",
    object: "to_customer on public.orders",
    leaks: "foreign key",
  },
  {
    hole: "a foreign key into schema stratum",
    plant:
      "alter table customers add constraint to_tenant foreign key (tenant_id) references stratum.tenants (id)",
    check: "foreign key",
    object: "to_tenant on public.customers",
  },
  {
    hole: "a foreign key from a table that all tenants write",
    plant: `create table likes (customer_id uuid constraint likes_customer references customers (id)); grant insert on likes ${READ}`,
    check: "foreign key",
    object: "likes_customer on public.likes",
  },
];

const CODE: readonly Hole[] = [
  {
    hole: "a view without security_invoker",
    plant: `create view totals as select sum(amount) from orders; grant select on totals ${READ}`,
    check: "view",
    object: "public.totals",
  },
  {
    hole: "a view over a view, and the inner one out of reach",
    plant: `create view inner_view as select * from orders;
      create view outer_view as select * from inner_view; grant select on outer_view ${READ}`,
    check: "view",
    object: "public.outer_view",
    leaks: "read",
  },
  {
    hole: "a view of control data",
    plant: `create view names as select name from stratum.tenants; grant select on names to public`,
    check: "view",
    object: "public.names",
  },
  {
    hole: "a materialized view",
    plant: `create materialized view kept as select * from orders; grant select on kept ${READ}`,
    check: "materialized view",
    object: "public.kept",
    leaks: "read",
  },
  {
    hole: "a rule",
    plant:
      "create table copies (like orders); create rule copy as on insert to orders do also insert into copies select new.*",
    check: "rule",
    object: "public.orders",
  },
  {
    hole: "a SECURITY DEFINER function of a superuser's",
    plant:
      "create function all_orders() returns setof orders language sql security definer as 'select * from orders'",
    check: "function",
    object: "public.all_orders()",
  },
  {
    hole: "a function marked LEAKPROOF",
    plant: "create function tell(uuid) returns boolean language sql leakproof as 'select true'",
    check: "leakproof",
    object: "public.tell(uuid)",
  },
];

const SERVER: readonly Hole[] = [
  ...["LOGIN", "SUPERUSER", "BYPASSRLS", "CREATEROLE"].map((attribute) => ({
    hole: `stratum_tenant with ${attribute}`,
    plant: `alter role stratum_tenant ${attribute}`,
    check: "role",
    object: "stratum_tenant",
  })),
  {
    hole: "stratum_tenant a member of another role",
    plant: "grant pg_read_all_data to stratum_tenant",
    check: "membership",
    object: "stratum_tenant",
  },
  {
    hole: "a login that can act as the keys' owner",
    plant: "create role somebody login; grant stratum_context to somebody",
    check: "membership",
    object: "somebody",
  },
  {
    hole: "a schema in which tenants may create",
    plant: "grant create on schema public to public",
    check: "schema",
    object: "public",
  },
  {
    hole: "default privileges for everybody",
    plant: "alter default privileges in schema public grant select on tables to public",
    check: "default privileges",
    object: "public",
  },
  {
    hole: "a search path on which pg_catalog does not come first",
    plant: "alter database {database} set search_path = public, pg_catalog",
    check: "setting",
    object: "{database}",
  },
  {
    hole: "a verifier that believes the setting",
    plant: `create or replace function stratum.current_tenant_id() returns uuid language plpgsql stable security definer
      set search_path = pg_catalog, pg_temp as 'begin return current_setting(''app.tenant'')::uuid; end'`,
    check: "verifier",
    object: "stratum.current_tenant_id()",
  },
  {
    hole: "a verifier with another search path",
    plant: "alter function stratum.current_tenant_id() set search_path = public",
    check: "verifier",
    object: "stratum.current_tenant_id()",
  },
  {
    hole: "a verifier of another owner's",
    plant: "alter function stratum.current_tenant_id() owner to current_user",
    check: "verifier",
    object: "stratum.current_tenant_id()",
  },
  {
    hole: "a key that everybody may install",
    plant:
      "grant execute on function stratum.install_context_key(text, bytea, bytea) to stratum_tenant",
    check: "verifier",
    object: "stratum.install_context_key(text,bytea,bytea)",
  },
  {
    hole: "control data in reach",
    plant: "grant select on stratum.tenants to stratum_tenant",
    check: "control data",
    object: "stratum.tenants",
  },
  {
    hole: "keys without row-level security",
    plant: "alter table stratum.context_keys disable row level security",
    check: "key",
    object: "stratum.context_keys",
  },
  {
    hole: "keys with a policy",
    plant: "create policy open on stratum.context_keys using (true)",
    check: "key",
    object: "stratum.context_keys",
  },
];

const ROLL_UPS: readonly Hole[] = [
  {
    hole: "a policy of roll-ups that shows all rows",
    plant: "alter policy stratum_subtree_select on orders using (true)",
    check: "policy",
    object: "public.orders",
  },
  {
    hole: "no policy for what roll-ups read",
    plant: "drop policy stratum_subtree_select on orders",
    check: "policy",
    object: "public.orders",
  },
  {
    hole: "a policy that lets roll-ups write what they read",
    plant: "alter policy stratum_subtree_update on orders using (true) with check (true)",
    check: "policy",
    object: "public.orders",
  },
  {
    hole: "roll-ups by a view without security_barrier",
    plant: "alter view stratum.readable_tenants reset (security_barrier)",
    check: "subtree",
    object: "stratum.readable_tenants",
  },
  {
    hole: "roll-ups by a view of all tenants",
    plant: `create or replace view stratum.readable_tenants with (security_barrier) as
      select t.id from stratum.tenants as t`,
    check: "subtree",
    object: "stratum.readable_tenants",
  },
  {
    hole: "roll-ups by a view of somebody else's",
    plant: "alter view stratum.readable_tenants owner to current_user",
    check: "subtree",
    object: "stratum.readable_tenants",
  },
  {
    hole: "roll-ups from the root of the tree",
    plant: `create or replace function stratum.current_subtree() returns ltree language plpgsql stable
      security definer set search_path = pg_catalog, pg_temp as $$
      begin return (select t.path from stratum.tenants as t order by t.path limit 1); end $$`,
    check: "subtree",
    object: "stratum.current_subtree()",
  },
  {
    hole: "TRUNCATE granted to roll-ups",
    plant: "grant truncate on orders to stratum_subtree",
    check: "grant",
    object: "public.orders",
  },
  {
    hole: "control data in reach of roll-ups",
    plant: "grant select on stratum.tenants to stratum_subtree",
    check: "control data",
    object: "stratum.tenants",
  },
  {
    hole: "stratum_subtree with BYPASSRLS",
    plant: "alter role stratum_subtree bypassrls",
    check: "role",
    object: "stratum_subtree",
  },
  {
    hole: "stratum_subtree a member of another role",
    plant: "grant pg_read_all_data to stratum_subtree",
    check: "membership",
    object: "stratum_subtree",
  },
];

/** Each of them alone makes a sound database unsound. */
export const HOLES: readonly Hole[] = [...POLICIES, ...TABLES, ...CODE, ...SERVER, ...ROLL_UPS];
