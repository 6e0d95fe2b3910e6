import { randomBytes, randomUUID } from "node:crypto";
import {
  ContextKey,
  ContextSigner,
  enableRls,
  TenantPool,
  withTenantContext,
  type TenantPoolOptions,
} from "@stratum-hq/db-adapters";
import type { Pool, PoolConfig } from "pg";
import { createTestDatabase, type TestDatabase } from "./test-database";

/** Who the application logs in as. */
export const LOGINS = ["superuser", "owner", "member", "hardened"] as const;
export type Login = (typeof LOGINS)[number];

/** Tables of tenants' rows in a database of the suite's own, and pools of each kind of login. */
export interface TenantTables {
  readonly database: TestDatabase;
  readonly key: ContextKey;
  readonly signer: ContextSigner;
  /** Two tenants, each with rows of its own in `orders`. */
  readonly a: string;
  readonly b: string;
  /** The name of a login. */
  nameOf(login: Login): string;
  pool(login: Login, config?: PoolConfig): Pool;
  tenantPool(login: Login, options?: Partial<TenantPoolOptions>, config?: PoolConfig): TenantPool;
}

/** Rows that each tenant has in `orders`. */
export const ROWS = 5;

const CREATE = `
  create table customers (tenant_id uuid not null, id uuid not null default gen_random_uuid(),
    name text not null, primary key (id), unique (tenant_id, id));
  create table orders (tenant_id uuid not null, id uuid primary key default gen_random_uuid(),
    customer_id uuid, note text not null, amount integer not null default 0,
    foreign key (tenant_id, customer_id) references customers (tenant_id, id));
  create index on orders (tenant_id, amount);
  alter table orders add constraint amount_is_positive check (amount >= 0)`;

export function useTenantTables(): TenantTables {
  const suffix = randomBytes(5).toString("hex");
  const nameOf = (login: Login): string => `stratum_test_${login}_${suffix}`;
  const fixture = { nameOf } as { -readonly [K in keyof TenantTables]: TenantTables[K] };
  beforeAll(async () => {
    const database = await createTestDatabase();
    const key = new ContextKey(randomBytes(32));
    Object.assign(fixture, {
      database,
      key,
      signer: new ContextSigner(key),
      a: randomUUID(),
      b: randomUUID(),
    });
    await createLogins(database, nameOf);
    await installKey(database.pool, key);
    await createTables(fixture, nameOf("owner"));
    fixture.pool = (login, config = {}) => {
      const url = new URL(database.url);
      if (login !== "superuser") Object.assign(url, { username: nameOf(login), password: "x" });
      return database.newPool({ connectionString: url.toString(), ...config });
    };
    fixture.tenantPool = (login, options = {}, config = {}) =>
      new TenantPool({ pool: fixture.pool(login, config), signer: fixture.signer, ...options });
    await fill(fixture);
  });
  afterAll(async () => {
    const { pool } = fixture.database;
    const names = LOGINS.filter((login) => login !== "superuser").map(nameOf);
    // Their other sessions hold what they own.
    await pool.query(
      "select pg_terminate_backend(pid) from pg_stat_activity where usename = any($1)",
      [names],
    );
    for (const name of names) await pool.query(`drop owned by ${name} cascade; drop role ${name}`);
    await fixture.database.drop();
  });
  return fixture;
}

/** Installs the copy that verifies what the key signs. */
export async function installKey(pool: Pool, key: ContextKey): Promise<void> {
  const { id, innerPad, outerPad } = key.copy();
  await pool.query("select stratum.install_context_key($1, $2, $3)", [id, innerPad, outerPad]);
}

async function createLogins(
  database: TestDatabase,
  nameOf: (login: Login) => string,
): Promise<void> {
  for (const login of ["owner", "member", "hardened"] as const) {
    await database.pool.query(`create role ${nameOf(login)} login password 'x'`);
    await database.pool.query(
      `grant stratum_tenant to ${nameOf(login)} with inherit true, set true`,
    );
  }
  await database.pool.query(`grant create on schema public to ${nameOf("owner")}`);
  await database.pool.query(`revoke temporary on database ${database.name} from public`);
  // The member is a login like any other, which keeps what PostgreSQL gives to all, and more.
  await database.pool.query(`grant temporary on database ${database.name} to ${nameOf("member")}`);
}

async function createTables({ database }: TenantTables, owner: string): Promise<void> {
  const client = await database.pool.connect();
  try {
    await client.query(`set role ${owner}; ${CREATE}; reset role`);
    await enableRls(client, "customers");
    await enableRls(client, "orders");
  } finally {
    client.release();
  }
}

async function fill(tables: TenantTables): Promise<void> {
  const pool = tables.tenantPool("superuser");
  for (const tenant of [tables.a, tables.b]) {
    await withTenantContext(pool, tenant, (client) =>
      client.query(
        `insert into orders (tenant_id, note, amount) select $1::uuid, $1::text || ' ' || n, n from generate_series(1, $2) as n`,
        [tenant, ROWS],
      ),
    );
  }
}
