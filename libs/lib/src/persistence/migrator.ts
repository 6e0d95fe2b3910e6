import {
  MigrationFailedError,
  MigrationPrivilegeMissingError,
  MigrationRequiredError,
  SchemaTooNewError,
  StratumError,
} from "@stratum-hq/core";
import {
  CONTROL_DATABASE,
  LOGIN_PLACEHOLDER,
  MIGRATIONS_TABLE,
  STRATUM_SCHEMA,
  type MigrationSet,
  type Prerequisite,
} from "@stratum-hq/migrations";
import { lendClient, ownRows } from "@stratum-hq/db-adapters";
import type { ClientBase, Pool, PoolClient } from "pg";
import { borrowed } from "./borrowed-pool";
import { createDataSource } from "./data-source";
import { sqlStateOf, translateDatabaseError } from "./database-errors";

/** The advisory lock under which one process at a time migrates a database: "stra", "migr". */
const MIGRATION_LOCK = "1937011297, 1835624306";

const INSUFFICIENT_PRIVILEGE = "42501";
/** The extension's files are not on the server, or the schema to put it in is missing. */
const EXTENSION_UNAVAILABLE = ["0A000", "58P01", "3F000", "22023"];

/** The migrations that a database lacks; refuses one that a newer release has migrated. */
export async function pendingMigrations(
  client: Pool | ClientBase,
  { migrations }: MigrationSet,
): Promise<readonly string[]> {
  const names = migrations.map(({ name }) => name);
  const table = `${STRATUM_SCHEMA}.${MIGRATIONS_TABLE}`;
  const found = await client.query("select where to_regclass($1) is not null", [table]);
  if (found.rowCount === 0) return names;
  const rows = await ownRows<{ name: string }>(client, `select name from ${table} order by id`);
  const applied = rows.map(({ name }) => name);
  const unknown = applied.filter((name) => !names.includes(name));
  if (unknown.length > 0) throw new SchemaTooNewError(unknown);
  return names.filter((name) => !applied.includes(name));
}

/** Whether what a prerequisite provides is there already: then its privilege is not needed. */
async function isProvided(client: ClientBase, prerequisite: Prerequisite): Promise<boolean> {
  const has = async (text: string, values: unknown[] = []): Promise<boolean> =>
    (await ownRows(client, text, values)).length > 0;
  switch (prerequisite.what) {
    case "schema":
      return has("select 1 from pg_namespace where nspname = $1", [STRATUM_SCHEMA]);
    case "extension":
      return has("select 1 from pg_extension where extname = 'ltree'");
    case "role":
      return has("select 1 from pg_roles where rolname = $1", [prerequisite.role]);
    case "membership": {
      // Of a role that is not there yet, the login that creates it may hand it on, also to itself.
      const rights = ["MEMBER WITH ADMIN OPTION", ...(prerequisite.may === "set" ? ["SET"] : [])];
      return has(
        `select 1 where not exists (select from pg_roles where rolname = $1)
         union all select 1 from pg_roles
         where rolname = $1 and pg_has_role(current_user, oid, $2)`,
        [prerequisite.role, rights.join(",")],
      );
    }
  }
}

function explained(error: unknown, { statement }: Prerequisite): unknown {
  const state = sqlStateOf(error);
  if (state === INSUFFICIENT_PRIVILEGE) return new MigrationPrivilegeMissingError(statement, error);
  if (state !== null && EXTENSION_UNAVAILABLE.includes(state)) {
    const remedy = `${statement} (ltree comes with PostgreSQL's contrib modules: install them first)`;
    return new MigrationPrivilegeMissingError(remedy, error);
  }
  return error;
}

async function provide(client: ClientBase, prerequisite: Prerequisite): Promise<void> {
  if (await isProvided(client, prerequisite)) return;
  // Roles and memberships: their own migration makes them, since another database may do so at the same
  // moment, and where it cannot, a privileged login has to.
  if (prerequisite.what === "role") return requireCreateRole(client, prerequisite);
  if (prerequisite.what === "membership") {
    throw new MigrationPrivilegeMissingError(await forLogin(client, prerequisite.statement));
  }
  try {
    await client.query(prerequisite.statement);
  } catch (error) {
    throw explained(error, prerequisite);
  }
}

async function forLogin(client: ClientBase, text: string): Promise<string> {
  const rows = await ownRows<{ login: string }>(
    client,
    "select quote_ident(current_user) as login",
  );
  return text.replace(LOGIN_PLACEHOLDER, () => (rows[0] as { login: string }).login);
}

async function requireCreateRole(client: ClientBase, { statement }: Prerequisite): Promise<void> {
  const allowed = await client.query(
    "select from pg_roles where rolname = current_user and (rolsuper or rolcreaterole)",
  );
  if (allowed.rowCount === 0) throw new MigrationPrivilegeMissingError(statement);
}

/** Makes ltree's types and functions resolve, wherever the host had the extension installed. */
async function useExtensionSchema(client: ClientBase): Promise<void> {
  await ownRows(
    client,
    `select set_config('search_path', quote_ident(n.nspname) || ', pg_temp', true)
     from pg_extension e join pg_namespace n on n.oid = e.extnamespace where e.extname = 'ltree'`,
  );
}

/**
 * Brings a database up to what the set says, within the client's transaction.
 *
 * @throws SchemaTooNewError, MigrationPrivilegeMissingError, and what PostgreSQL refuses
 */
export async function applyPending(client: ClientBase, set: MigrationSet): Promise<void> {
  await ownRows(client, `select pg_advisory_xact_lock(${MIGRATION_LOCK})`);
  const pending = await pendingMigrations(client, set);
  if (pending.length === 0) return;
  for (const prerequisite of set.prerequisites) {
    if (prerequisite.what !== "membership" || pending.includes(prerequisite.neededBy)) {
      await provide(client, prerequisite);
    }
  }
  await useExtensionSchema(client);
  const dataSource = createDataSource(borrowed(overClient(client)), [], set.migrations);
  try {
    await dataSource.initialize();
    await dataSource.runMigrations({ transaction: "none" });
  } finally {
    if (dataSource.isInitialized) await dataSource.destroy();
  }
}

/** TypeORM opens a runner of its own; this pool gives it the one client that holds our transaction. */
function overClient(client: ClientBase): Pool {
  const pool = {
    on: () => pool,
    connect: (callback: (error: undefined, client: ClientBase, release: () => void) => void) =>
      callback(undefined, client, () => undefined),
  };
  // TypeORM asks no more of a pool than this.
  return pool as unknown as Pool;
}

function migrationError(error: unknown): StratumError {
  if (error instanceof StratumError) return error;
  const translated = translateDatabaseError(error);
  return translated.code === "DATABASE_UNAVAILABLE"
    ? translated
    : new MigrationFailedError(sqlStateOf(error), error);
}

/**
 * Brings schema `stratum` of the pool's database up to this release, in one transaction under an
 * advisory lock, so that any number of processes may call it at once. Does nothing when there is
 * nothing to do.
 *
 * @throws SchemaTooNewError when a newer release has migrated the database
 * @throws MigrationPrivilegeMissingError naming what a privileged login has to run once
 * @throws MigrationFailedError when a migration fails; nothing of it stays
 */
export async function migrate(pool: Pool): Promise<void> {
  let client: PoolClient;
  try {
    client = await lendClient(pool);
  } catch (error) {
    throw migrationError(error);
  }
  let broken: Error | undefined;
  const onError = (error: Error): void => void (broken = error);
  client.on("error", onError);
  try {
    if ((await pendingMigrations(client, CONTROL_DATABASE)).length === 0) return;
    await client.query(
      "begin isolation level read committed read write; set local lock_timeout = 0",
    );
    await applyPending(client, CONTROL_DATABASE);
    await client.query("commit");
  } catch (error) {
    await client.query("rollback").catch((failure: Error) => (broken = failure));
    throw migrationError(error);
  } finally {
    client.off("error", onError);
    client.release(broken);
  }
}

/**
 * Refuses a database whose schema is not exactly this release's.
 *
 * @throws MigrationRequiredError listing what is missing
 * @throws SchemaTooNewError when a newer release has migrated the database
 */
export async function requireMigrated(pool: Pool): Promise<void> {
  let pending: readonly string[];
  try {
    pending = await pendingMigrations(pool, CONTROL_DATABASE);
  } catch (error) {
    throw migrationError(error);
  }
  if (pending.length > 0) throw new MigrationRequiredError(pending);
}
