import { Stratum, type StratumOptions, type Tenant } from "@stratum-hq/lib";
import type { Pool, PoolConfig } from "pg";
import { createTestDatabase, type TestDatabase } from "./test-database";

/** A Stratum over a database of the suite's own. */
export interface StratumFixture {
  readonly database: TestDatabase;
  readonly pool: Pool;
  readonly stratum: Stratum;
  /** Roots and children by name, each with a slug derived from it: `grow("a", ["b", ["c"]], "d")`. */
  grow(shape: Shape, parent?: Tenant): Promise<Record<string, Tenant>>;
  /** Rows of one statement. */
  rows<Row = Record<string, unknown>>(text: string, values?: unknown[]): Promise<Row[]>;
}

/** A name, then its children. */
export type Shape = readonly [name: string, ...children: Shape[]];

/**
 * Gives each suite a database and a Stratum, and takes both away after it.
 *
 * @param pool what the pool is to have otherwise than {@link TestDatabase.pool} says
 * @param options of the Stratum, beside the pool
 */
export function useStratum(
  pool: PoolConfig = {},
  options: Partial<StratumOptions> = {},
): StratumFixture {
  const fixture = {} as { -readonly [K in keyof StratumFixture]: StratumFixture[K] };
  beforeAll(async () => {
    fixture.database = await createTestDatabase({ pool });
    fixture.pool = fixture.database.pool;
    fixture.stratum = new Stratum({ ...options, pool: fixture.pool });
    fixture.rows = async <Row>(text: string, values: unknown[] = []) =>
      (await fixture.pool.query(text, values)).rows as Row[];
    fixture.grow = async (shape, parent) => grow(fixture.stratum, shape, parent);
  });
  afterAll(async () => {
    await fixture.stratum.close();
    await dropTenantDatabases(fixture);
    await fixture.database.drop();
  });
  return fixture;
}

/** They are beside the suite's own on the server. */
async function dropTenantDatabases(fixture: StratumFixture): Promise<void> {
  const tenants = await fixture.rows<{ id: string }>(
    "select id from stratum.tenants where isolation_strategy = 'DB_PER_TENANT'",
  );
  for (const { id } of tenants) {
    await fixture.rows(`drop database if exists stratum_${id.replaceAll("-", "")} with (force)`);
  }
}

async function grow(
  stratum: Stratum,
  [name, ...children]: Shape,
  parent?: Tenant,
): Promise<Record<string, Tenant>> {
  const tenant = await stratum.createTenant({ name, parent_id: parent?.id ?? null });
  let grown: Record<string, Tenant> = { [name]: tenant };
  for (const child of children) grown = { ...grown, ...(await grow(stratum, child, tenant)) };
  return grown;
}

/** The code that a call was refused with, or "ok". */
export async function codeOf(call: Promise<unknown>): Promise<string> {
  return call.then(
    () => "ok",
    ({ code = "not a StratumError" }: { code?: string }) => code,
  );
}
