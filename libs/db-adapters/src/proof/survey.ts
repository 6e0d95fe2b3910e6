import { TenantRoleMissingError } from "@stratum-hq/core";
import { escapeIdentifier, type ClientBase } from "pg";
import { hardeningProblems } from "../hardening/require-hardened";
import { borrow } from "../placement/borrow";
import type { TenantConnections } from "../placement/placement";
import { targetsOf, type Target } from "./attacks/target";
import { examine, examinedTables, type ExaminedTable, type Examination } from "./examine";
import { loginFacts, type LoginFacts } from "./login";
import { ownRows } from "../pg/column-types";

/** What is known of a database before it is attacked. */
export interface Survey extends Examination {
  readonly login: LoginFacts;
  /** Whether the login may nothing more than a tenant. */
  readonly is_hardened: boolean;
  readonly tables: readonly ExaminedTable[];
  readonly targets: ReadonlyMap<string, Target>;
  readonly injection: { readonly roles: readonly string[]; readonly control: readonly string[] };
}

/** Roles that a tenant must not become, and Stratum's own tables. */
const INJECTION = `
  select coalesce((select json_agg(rolname) from pg_roles where rolsuper
      or rolname in ('stratum_maintenance', 'stratum_context') or oid in (
        select c.relowner from pg_policy p join pg_class c on c.oid = p.polrelid where p.polname = 'stratum_isolation')), '[]') as roles,
    coalesce((select json_agg(format('stratum.%I', relname)) from pg_class
      where relnamespace = 'stratum'::regnamespace and relkind in ('r', 'p', 'v')), '[]') as control`;

/** Refuses a login that cannot act as stratum_tenant, with the remedy. @throws TenantRoleMissingError */
export async function requireTenantRole(client: ClientBase): Promise<LoginFacts> {
  const login = await loginFacts(client);
  if (login.is_tenant) return login;
  const grant = `grant stratum_tenant to ${escapeIdentifier(login.name)} with inherit true, set true`;
  throw new TenantRoleMissingError(login.name, grant);
}

/** Runs `work` in a transaction that only reads, on a connection of its own. */
export async function reading<T>(
  connections: TenantConnections,
  work: (client: ClientBase) => Promise<T>,
): Promise<T> {
  const client = await borrow(connections);
  let broken = false;
  try {
    await client.query("begin transaction read only");
    return await work(client);
  } finally {
    await client.query("rollback").catch(() => (broken = true));
    client.release(broken);
  }
}

/**
 * Looks at a database by its catalogue, in one transaction.
 *
 * @throws TenantRoleMissingError
 */
export async function surveyPlace(
  { connections }: { readonly connections: TenantConnections },
  hardened: boolean,
): Promise<Survey> {
  return reading(connections, async (client) => {
    const login = await requireTenantRole(client);
    const examination = await examine(client, hardened);
    const tables = await examinedTables(client, hardened);
    const rows = await ownRows<Survey["injection"]>(client, INJECTION);
    return {
      ...examination,
      login,
      is_hardened: (await hardeningProblems(client)).length === 0,
      tables,
      targets: await targetsOf(
        client,
        tables.map(({ name }) => name),
      ),
      injection: rows[0] as Survey["injection"],
    };
  });
}
