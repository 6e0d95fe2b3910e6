import { randomUUID } from "node:crypto";
import { migrate } from "@stratum-hq/lib";
import { Client, Pool, type PoolConfig } from "pg";

/** A database of one suite. */
export interface TestDatabase {
  readonly name: string;
  readonly url: string;
  /** Twenty connections, with pg's defaults otherwise. */
  readonly pool: Pool;
  /** Another pool on the same database; ended by drop() too. */
  newPool(config?: PoolConfig): Pool;
  drop(): Promise<void>;
}

const TEMPLATE = "stratum_template";
const TEMPLATE_LOCK = 7_234_001;

function serverUrl(database: string): string {
  const server = process.env.STRATUM_TEST_DATABASE_URL;
  if (server === undefined) {
    throw new Error("There is no test server: name the suite *.pg.spec.ts or *.e2e.spec.ts.");
  }
  const url = new URL(server);
  url.pathname = `/${database}`;
  return url.toString();
}

async function onServer<T>(work: (client: Client) => Promise<T>): Promise<T> {
  const client = new Client({ connectionString: serverUrl("postgres") });
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}

async function migrateTemplate(): Promise<void> {
  const pool = new Pool({ connectionString: serverUrl(`${TEMPLATE}_draft`), max: 1 });
  try {
    await migrate(pool);
  } finally {
    await pool.end();
  }
}

/** Makes the migrated template once for the run, whichever worker comes first. */
async function ensureTemplate(client: Client): Promise<void> {
  const found = await client.query("select from pg_database where datname = $1", [TEMPLATE]);
  if (found.rowCount !== 0) return;
  await client.query(`drop database if exists ${TEMPLATE}_draft`);
  await client.query(`create database ${TEMPLATE}_draft`);
  await migrateTemplate();
  await client.query(`alter database ${TEMPLATE}_draft rename to ${TEMPLATE}`);
}

/** What kind of database; migrated and with twenty connections by default. */
export interface TestDatabaseOptions {
  /** False for an empty one. */
  readonly migrated?: boolean;
  /** What the pool is to have otherwise than {@link TestDatabase.pool} says. */
  readonly pool?: PoolConfig;
}

/** Creates a database for a suite, which has to drop it. */
export async function createTestDatabase(options: TestDatabaseOptions = {}): Promise<TestDatabase> {
  const name = `test_${randomUUID().replaceAll("-", "")}`;
  await onServer(async (client) => {
    // The workers race for the template, and PostgreSQL copies it only while nobody is connected to it.
    // The lock goes with the connection.
    await client.query("select pg_advisory_lock($1)", [TEMPLATE_LOCK]);
    if (options.migrated === false) {
      await client.query(`create database ${name}`);
    } else {
      await ensureTemplate(client);
      await client.query(`create database ${name} template ${TEMPLATE}`);
    }
  });
  const url = serverUrl(name);
  const pools: Pool[] = [];
  const newPool = (config: PoolConfig = {}): Pool => {
    const pool = new Pool({ connectionString: url, max: 20, ...config });
    pool.on("error", () => undefined);
    pools.push(pool);
    return pool;
  };
  return {
    name,
    url,
    pool: newPool(options.pool),
    newPool,
    drop: async () => {
      await Promise.all(pools.map(async (pool) => (pool.ended ? undefined : pool.end())));
      await onServer((client) => client.query(`drop database if exists ${name} with (force)`));
    },
  };
}
