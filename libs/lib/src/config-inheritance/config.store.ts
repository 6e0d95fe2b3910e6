import { Injectable } from "@nestjs/common";
import type {
  ConfigEntry,
  ConfigLevelEntry,
  JsonValue,
  TenantPath,
  TenantStatus,
} from "@stratum-hq/core";
import { Database } from "../persistence/database";
import { among } from "../persistence/sql";
import type { Transaction } from "../persistence/transaction";
import { dataKeysOf, type DataKeyRow } from "../crypto/data-key.store";
import { isOnChainOf } from "../tenancy/chain";

/** One tenant of a chain with its own entries. */
export interface LevelRow {
  readonly id: string;
  readonly path: TenantPath;
  readonly name: string;
  readonly slug: string;
  readonly archived: boolean;
  /** Sensitive values are ciphertexts. */
  readonly entries: readonly ConfigLevelEntry[];
  /** The tenant's data keys; null where it has no sensitive entries. */
  readonly keys: readonly DataKeyRow[] | null;
}

/** What an entry above imposes on those below. */
export interface EntryAbove {
  readonly key: string;
  readonly tenant_id: string;
  readonly locked: boolean;
  readonly sensitive: boolean;
}

/** What a write of some keys depends on. */
export interface WritePreconditions {
  readonly id: string;
  readonly path: TenantPath;
  readonly status: TenantStatus;
  /** Locked and sensitive entries of those keys above the tenant, nearest to the root first. */
  readonly above: readonly EntryAbove[];
  /** The tenant's own entries of those keys; sensitive values are ciphertexts. */
  readonly own: readonly ConfigEntry[];
  /** The tenant's data keys; null where none of those entries is sensitive. */
  readonly keys: readonly DataKeyRow[] | null;
}

/** A key's new state; `version` is null where the entry is new. */
export interface EntryWrite {
  readonly key: string;
  readonly value: JsonValue;
  readonly locked: boolean;
  readonly sensitive: boolean;
  readonly version: number | null;
}

const ENTRY = "key, value, locked, sensitive, version, created_at, updated_at";
const KEYS_AND_VALUES = "key text, value jsonb, locked boolean, sensitive boolean, version int";

/** The statements of configuration, whatever the number of keys. */
@Injectable()
export class ConfigStore {
  constructor(private readonly database: Database) {}

  /** Every tenant on the chains of some tenants, with its entries, root first; one round trip. */
  async levels(tenantIds: readonly string[]): Promise<LevelRow[]> {
    const values: unknown[] = [];
    return this.database.query<LevelRow>(
      `select t.id, t.path, t.name, t.slug, t.status = 'archived' as archived,
              coalesce(own.entries, '[]') as entries,
              case when own.sealed then ${dataKeysOf("t.id")} end as keys
       from stratum.tenants as t cross join lateral (
         select bool_or(e.sensitive) as sealed, json_agg(json_build_object(
           'key', e.key, 'value', e.value, 'locked', e.locked, 'sensitive', e.sensitive)) as entries
         from stratum.config_entries as e where e.tenant_id = t.id) as own
       where ${isOnChainOf(among(values, tenantIds, "uuid"))}
       order by t.depth`,
      values,
    );
  }

  /** Reads under the locks what decides whether keys may be written; undefined for no such tenant. */
  async writePreconditions(
    tx: Transaction,
    tenantId: string,
    keys: readonly string[],
  ): Promise<WritePreconditions | undefined> {
    const rows = await tx.query<WritePreconditions>(
      `select t.id, t.path, t.status,
         coalesce((
           select json_agg(json_build_object('key', e.key, 'tenant_id', e.tenant_id,
                             'locked', e.locked, 'sensitive', e.sensitive) order by above.depth)
           from stratum.tenants as above join stratum.config_entries as e on e.tenant_id = above.id
           where above.id = any(string_to_array(t.path::text, '.')::uuid[]) and above.id <> t.id
             and above.status <> 'archived' and (e.locked or e.sensitive)
             and e.key = any($2::text[])), '[]') as above,
         coalesce(own.entries, '[]') as own,
         case when own.sealed then ${dataKeysOf("t.id")} end as keys
       from stratum.tenants as t cross join lateral (
         select bool_or(e.sensitive) as sealed, json_agg(e) as entries
         from (select ${ENTRY} from stratum.config_entries
               where tenant_id = $1 and key = any($2::text[])) as e) as own
       where t.id = $1`,
      [tenantId, keys],
    );
    return rows[0] && { ...rows[0], own: entriesOf(tenantId, rows[0].own) };
  }

  /**
   * Writes entries in one statement; when, and how many. The tenant's entries are locked, so that they
   * are as they were read; one that is not is left alone.
   */
  async write(
    tx: Transaction,
    tenantId: string,
    entries: readonly EntryWrite[],
  ): Promise<{ at: string; count: number }> {
    const rows = await tx.query<{ at: string; count: number }>(
      `with entry as materialized (
         select key, coalesce(value, 'null') as value, locked, sensitive, version
         from jsonb_to_recordset($2::jsonb) as r(${KEYS_AND_VALUES})),
       changed as (
         update stratum.config_entries as e
         set value = entry.value, locked = entry.locked, sensitive = entry.sensitive,
             version = e.version + 1, updated_at = now()
         from entry
         where e.tenant_id = $1 and e.key = entry.key and e.version = entry.version
         returning 1),
       added as (
         insert into stratum.config_entries (tenant_id, key, value, locked, sensitive)
         select $1, key, value, locked, sensitive from entry where version is null
         on conflict (tenant_id, key) do nothing
         returning 1)
       select now() as at,
              ((select count(*) from changed) + (select count(*) from added))::int as count`,
      [tenantId, JSON.stringify(entries)],
    );
    return rows[0] as { at: string; count: number };
  }

  async delete(tx: Transaction, tenantId: string, key: string): Promise<void> {
    await tx.query("delete from stratum.config_entries where tenant_id = $1 and key = $2", [
      tenantId,
      key,
    ]);
  }
}

/** Entries from JSON, which carries times with their offset and microseconds: rows have UTC and milliseconds. */
function entriesOf(
  tenantId: string,
  entries: readonly Omit<ConfigEntry, "tenant_id">[],
): ConfigEntry[] {
  // Entries of a batch share their times.
  const known = new Map<string, string>();
  const iso = (time: string): string => {
    const found = known.get(time) ?? new Date(time).toISOString();
    known.set(time, found);
    return found;
  };
  return entries.map((entry) => ({
    tenant_id: tenantId,
    ...entry,
    created_at: iso(entry.created_at),
    updated_at: iso(entry.updated_at),
  }));
}
