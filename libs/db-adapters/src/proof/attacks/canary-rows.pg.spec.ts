import { enableRls, proveIsolation, type IsolationReport } from "@stratum-hq/db-adapters";
import { useTenantTables } from "../../../../../test/support/use-tenant-tables";

describe("the canaries' rows", () => {
  const t = useTenantTables();

  /** Makes tables, the last of which holds tenants' rows, and attacks what there is. */
  async function attack(create: string, ...names: string[]): Promise<IsolationReport> {
    const client = await t.database.pool.connect();
    try {
      await client.query(`set search_path = public; ${create}`);
      for (const name of names) await enableRls(client, name, { reference: ["countries"] });
      const places = [{ name: "shared", connections: t.pool("member", { max: 1 }) }];
      return await proveIsolation({ places, key: t.key, hardened: false });
    } finally {
      await client.query(names.map((name) => `drop table if exists ${name} cascade`).join(";"));
      client.release(true);
    }
  }

  it.each([
    [
      "columns of every kind",
      `create type mood as enum ('glad', 'sad'); create domain age as integer check (value > 17);
       create table made (id uuid primary key default gen_random_uuid(), n bigint generated always as identity,
         twice integer generated always as (small * 2) stored, small smallint not null, big bigint not null,
         price numeric(10, 2) not null, ratio real not null, name varchar(8) not null, code char(2) not null,
         is_open boolean not null, at timestamptz not null, day date not null, moment time not null,
         took interval not null, doc jsonb not null, old_doc json not null, bytes bytea not null, feeling mood not null,
         years age not null, tags text[] not null, address inet not null, net cidr not null, mac macaddr not null,
         span int4range not null, days daterange not null, place point not null, bits bit(1) not null, xml xml not null)`,
    ],
    [
      "CHECKs that name what they take",
      `create table made (id uuid primary key, status text not null check (status in ('open', 'closed')),
         level integer not null check (level between 5 and 7), email text not null check (email ~ '^[^@]+@[^@]+$'),
         state varchar(10) not null, constraint consistent check (state = 'it''s' or status = 'never'))`,
    ],
    [
      "a foreign key that has to refer to something",
      `create table made (id uuid primary key, customer_id uuid not null,
         tenant_id uuid not null, foreign key (tenant_id, customer_id) references customers (tenant_id, id))`,
    ],
    [
      "uniques of its own values",
      `create table made (tenant_id uuid, number integer not null, email text not null,
         primary key (tenant_id, number), unique (tenant_id, email))`,
    ],
    [
      "no primary key at all",
      "create table made (note text not null)",
      [["upsert", "it has no primary key"]],
    ],
    [
      "a row of a reference table",
      `create table if not exists countries (code text primary key); insert into countries values ('ch') on conflict do nothing;
       grant select on countries to stratum_tenant; create table made (id uuid primary key, country text not null references countries)`,
    ],
    [
      "a trigger that says whose the row is",
      `create or replace function own() returns trigger language plpgsql as 'begin new.tenant_id := stratum.current_tenant_id(); return new; end';
       create table made (id uuid primary key); create trigger own before insert on made for each row execute function own()`,
    ],
  ] as [what: string, create: string, except?: [attack: string, why: string][]][])(
    "are made for a table with %s",
    async (_, create, except = []) => {
      const { sound, attacks } = await attack(create, "made");
      const missed = attacks.not_attacked.map(({ attack: name, detail }) => [name, detail]);
      expect(missed).toEqual([...except, ...except]);
      expect({ sound, leaks: attacks.leaks }).toEqual({ sound: true, leaks: [] });
    },
  );

  it.each([
    [
      "a CHECK that nothing usual passes",
      "create table made (id uuid primary key, n text not null constraint odd check (md5(n) = 'x'))",
      /no row could be made: SQLSTATE 23514, odd/,
    ],
    [
      "a trigger that refuses",
      `create or replace function no() returns trigger language plpgsql as 'begin raise exception ''never''; end';
       create table made (id uuid primary key); create trigger no before insert on made for each row execute function no()`,
      /no row could be made: SQLSTATE P0001/,
    ],
    [
      "a reference table without rows",
      `drop table if exists countries cascade; create table countries (code text primary key);
       create table made (id uuid primary key, country text not null references countries)`,
      /countries has no row to refer to/,
    ],
    [
      "a row that has to refer to itself",
      `create table made (tenant_id uuid, id uuid, parent uuid not null, primary key (tenant_id, id),
         foreign key (tenant_id, parent) references made (tenant_id, id))`,
      /refers to itself/,
    ],
  ])(
    "that cannot be made are said so, with %s, and the table is read all the same",
    async (_, create, why) => {
      const { sound, attacks } = await attack(create, "made");
      expect(sound).toBe(true);
      expect(attacks.not_attacked).toEqual(
        [1, 2].map(() => ({
          place: "shared",
          attack: "write",
          object: "public.made",
          outcome: "not attacked",
          detail: expect.stringMatching(why) as string,
        })),
      );
    },
  );
});
