import { Injectable } from "@nestjs/common";
import { escapeIdentifier } from "pg";
import type { Snapshot } from "../persistence/snapshot";
import type { Sql } from "../persistence/sql";
import type { Transaction } from "../persistence/transaction";
import { pathOf, type StoredTable } from "./stored-table";

const TABLES = `
  select n.nspname as schema, c.relname as name, c.relkind = 'p' as is_partitioned,
    coalesce((select json_agg(a.attname order by k.place) from pg_index i
      cross join unnest(i.indkey::int2[]) with ordinality as k(attnum, place)
      join pg_attribute a on a.attrelid = c.oid and a.attnum = k.attnum
      where i.indrelid = c.oid and i.indisprimary), '[]') as key,
    coalesce((select json_agg(distinct rn.nspname || '.' || r.relname) from pg_constraint f
      join pg_class r on r.oid = f.confrelid join pg_namespace rn on rn.oid = r.relnamespace
      where f.conrelid = c.oid and f.contype = 'f'), '[]') as refers_to
  from pg_policy p join pg_class c on c.oid = p.polrelid join pg_namespace n on n.oid = c.relnamespace
  where p.polname = 'stratum_isolation'
    and case when n.nspname ~ '^tenant_[0-9a-f]{32}$' then n.nspname = $1 else $2 end
  order by n.nspname, c.relname`;

function quoted({ schema, name }: StoredTable): string {
  return `${escapeIdentifier(schema)}.${escapeIdentifier(name)}`;
}

/** Rows of tenants in the host application's tables, as stratum_maintenance sees them: those of all. */
@Injectable()
export class TenantRowsStore {
  /** Tables that tenants share, whichever schema they are in. */
  async sharedTables(sql: Sql): Promise<StoredTable[]> {
    return sql.query<StoredTable>(TABLES, [null, true]);
  }

  /** Tables in the schema of one tenant's own. */
  async tablesIn(sql: Sql, schema: string): Promise<StoredTable[]> {
    return sql.query<StoredTable>(TABLES, [schema, false]);
  }

  /** A tenant's rows as JSON, in the order of the primary key. */
  async *rows(snapshot: Snapshot, table: StoredTable, tenantId: string): AsyncGenerator<string[]> {
    const order =
      table.key.length === 0 ? "" : `order by ${table.key.map(escapeIdentifier).join(", ")}`;
    // A column may be called like the row; and json keeps the line feeds that it was written with, between its values.
    const text = `select translate(row_to_json(r.*)::text, E'\\n\\r', '  ') as json
      from (select * from ${quoted(table)} where tenant_id = $1 ${order}) as r`;
    const bytesOf = ({ json }: { json: string }): number => json.length;
    for await (const batch of snapshot.batches(text, [tenantId], bytesOf)) {
      yield batch.map(({ json }) => json);
    }
  }

  /** How many rows there are. */
  async count(sql: Sql, table: StoredTable): Promise<number> {
    const rows = await sql.query<{ n: string }>(`select count(*) as n from ${quoted(table)}`);
    return Number(rows[0]?.n);
  }

  /** How many rows some tenants have in a table, counted up to a limit. */
  async countUpTo(
    sql: Sql,
    table: StoredTable,
    tenantIds: readonly string[],
    limit: number,
  ): Promise<number> {
    const [row] = await sql.query<{ n: number }>(
      `select count(*)::int as n from (
         select from ${quoted(table)} where tenant_id = any($1::uuid[]) limit $2) as found`,
      [tenantIds, limit],
    );
    return row?.n ?? 0;
  }

  /**
   * Whether a part of the rows can go: not where rows refer to rows of the same table, or to each other's of several,
   * nor where the table is partitioned, so that no address is unique.
   */
  isDividable(group: readonly StoredTable[]): boolean {
    return (
      group.length === 1 &&
      group.every((table) => !table.is_partitioned && !table.refers_to.includes(pathOf(table)))
    );
  }

  /**
   * Deletes rows of some tenants from a group of tables, so many at most, or all at once, in one statement, where no
   * part of them can go; how many went, table by table.
   */
  async deleteGroup(
    tx: Transaction,
    group: readonly StoredTable[],
    tenantIds: readonly string[],
    limit: number,
  ): Promise<number[]> {
    const isDividable = this.isDividable(group);
    const parts = group.map((table, n) => {
      const name = quoted(table);
      const which = isDividable
        ? `ctid = any(array(select ctid from ${name} where tenant_id = any($1::uuid[]) limit $2 for update))`
        : "tenant_id = any($1::uuid[]) and $2::int > 0";
      return `gone${n} as (delete from ${name} where ${which} returning 1)`;
    });
    const counts = group.map((_, n) => `(select count(*) from gone${n})`).join(", ");
    const [row] = await tx.query<{ counts: number[] }>(
      `with ${parts.join(", ")} select json_build_array(${counts}) as counts`,
      [tenantIds, limit],
    );
    return row?.counts ?? [];
  }
}
