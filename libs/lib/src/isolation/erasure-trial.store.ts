import { Injectable } from "@nestjs/common";
import type { PurgeObstacle } from "@stratum-hq/core";
import type { Sql } from "../persistence/sql";
import type { Transaction } from "../persistence/transaction";
import type { StoredTable } from "./stored-table";

/** Restrictive policies of the host's, which hide rows from a purge and from an export. */
const HIDING = `
  select format('policy %I on %I.%I', p.polname, n.nspname, c.relname) as object,
    'it hides rows from stratum_maintenance: exclude that role from it' as problem
  from pg_policy p join pg_class c on c.oid = p.polrelid join pg_namespace n on n.oid = c.relnamespace
  where not p.polpermissive and p.polcmd in ('*', 'd', 'r') and n.nspname !~ '^tenant_[0-9a-f]{32}$'
    and exists (select from pg_policy o where o.polrelid = c.oid and o.polname = 'stratum_isolation')
    and exists (select from unnest(p.polroles) as named(role)
      where role = 0 or pg_has_role('stratum_maintenance', role, 'USAGE'))
  order by 1`;

/** What runs when a row of a table is deleted, by name. */
const MEDDLING = `
  select coalesce(string_agg(name, ', ' order by name), '') as names from (
    select format('trigger %I', tgname) from pg_trigger
    where tgrelid = $1::regclass and not tgisinternal and tgtype & 8 > 0 and tgenabled <> 'D'
    union all
    select format('rule %I', rulename) from pg_rewrite where ev_class = $1::regclass and ev_type = '4') as found(name)`;

/** What the catalogue says of whatever keeps rows from being taken away. */
@Injectable()
export class ErasureTrialStore {
  async hidingPolicies(sql: Sql): Promise<PurgeObstacle[]> {
    return sql.query<PurgeObstacle>(HIDING);
  }

  /** Triggers and rules of a table, in words; empty for none. */
  async meddling(sql: Sql, path: string): Promise<string> {
    const [row] = await sql.query<{ names: string }>(MEDDLING, [path]);
    return row?.names ?? "";
  }

  /** Checks what is deferred to the transaction's end. */
  async checkDeferred(tx: Transaction): Promise<void> {
    await tx.query("set constraints all immediate");
  }

  /** Runs `work` and undoes it, also where it fails; what it failed with. */
  async undone(tx: Transaction, work: () => Promise<void>): Promise<unknown> {
    await tx.query("savepoint stratum_trial");
    let failure: unknown;
    try {
      await work();
    } catch (error) {
      failure = error;
    }
    await tx.query("rollback to savepoint stratum_trial");
    await tx.query("release savepoint stratum_trial");
    return failure;
  }
}

/** The table, as regclass reads it. */
export function quotedPath({ schema, name }: StoredTable): string {
  return `"${schema.replaceAll('"', '""')}"."${name.replaceAll('"', '""')}"`;
}
