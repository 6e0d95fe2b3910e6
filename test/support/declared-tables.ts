import type { TenantTableDeclaration } from "@stratum-hq/lib";

/** A reference table and two tables of tenants' rows that refer to it and to each other. */
export const DECLARED: readonly TenantTableDeclaration[] = [
  {
    name: "priorities",
    create: "create table priorities (id int primary key, label text not null)",
    reference: true,
  },
  {
    name: "customers",
    create: `create table customers (tenant_id uuid not null, id uuid not null default gen_random_uuid(),
      name text not null, primary key (id), unique (tenant_id, id))`,
  },
  {
    name: "orders",
    create: [
      `create table orders (tenant_id uuid not null, id uuid primary key default gen_random_uuid(),
        customer_id uuid, note text not null, amount integer not null default 0
        constraint amount_is_positive check (amount >= 0), priority int references priorities,
        foreign key (tenant_id, customer_id) references customers (tenant_id, id))`,
      "create index orders_amount on orders (tenant_id, amount)",
    ],
  },
];
