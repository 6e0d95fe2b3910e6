import { Injectable } from "@nestjs/common";
import {
  ALLOWED_ISOLATION_KEY,
  type JsonObject,
  type JsonValue,
  type RegionStatus,
  type TenantPath,
  type TenantStatus,
} from "@stratum-hq/core";
import { Encryption } from "../crypto/encryption";
import { placeIn } from "../crypto/sealed-column";
import { among } from "../persistence/sql";
import type { Transaction } from "../persistence/transaction";
import { isLimited } from "./descendant-limits.store";
import type { IsolationEntry } from "./isolation-rule";
import type { TenantRow } from "./tenant-row";
import { TENANT_COLUMNS } from "./tenant.store";

/** What a creation asks about the tree that it adds to. */
export interface PreconditionsQuery {
  readonly parents: readonly string[];
  /** Whether roots are among what is created. */
  readonly roots: boolean;
  readonly slugs: readonly string[];
  readonly externalIds: readonly string[];
  readonly regions: readonly string[];
  readonly configKeys: readonly string[];
}

/** A region that tenants are created in. */
export interface RegionOfTenant {
  readonly id: string;
  readonly status: RegionStatus;
}

export interface ParentRow {
  readonly id: string;
  readonly path: TenantPath;
  readonly status: TenantStatus;
  readonly isolation_strategy: TenantRow["isolation_strategy"];
  /** Where its children's data lives too, unless the platform chooses otherwise. */
  readonly region: RegionOfTenant | null;
  /** The sort_order of its next child. */
  readonly next_order: number;
  /** Whether the number of descendants is limited here or above. */
  readonly limited: boolean;
  /** What the tenants from the root down to it have set of `stratum.allowed_isolation`. */
  readonly isolation_entries: readonly IsolationEntry[];
}

/** An entry at a parent or above that fixes a key for what is created below, or makes it sensitive. */
export interface EntryAbove {
  readonly tenant_id: string;
  readonly key: string;
  readonly locked: boolean;
  readonly sensitive: boolean;
}

/** The answers to a {@link PreconditionsQuery}; they hold until the transaction's locks go. */
export interface Preconditions {
  readonly parents: readonly ParentRow[];
  /** The sort_order of the next root. */
  readonly root_order: number;
  readonly taken_slugs: readonly string[];
  /** Pairs of root id and external id. */
  readonly taken_external_ids: readonly (readonly [string, string])[];
  /** Those of the chosen regions that there are. */
  readonly regions: readonly RegionOfTenant[];
  readonly above: readonly EntryAbove[];
}

/** Free slugs by the base that they derive from. */
export type FreeSlugs = ReadonlyMap<string, readonly string[]>;

/** What is inserted of a tenant; the database fills in the rest. */
export interface NewTenantRow {
  readonly id: string;
  readonly parent_id: string | null;
  readonly path: TenantPath;
  readonly name: string;
  readonly slug: string;
  readonly external_id: string | null;
  readonly metadata: JsonObject;
  readonly isolation_strategy: string;
  readonly status: TenantStatus;
  readonly region_id: string | null;
  readonly sort_order: number;
}

export interface NewConfigRow {
  readonly tenant_id: string;
  readonly key: string;
  readonly value: JsonValue;
  readonly sensitive: boolean;
}

/** Numbers above are not searched; a slug then ends in random digits. */
const LAST_NUMBER = 1_000_000;

function numbered(base: string, number: string): string {
  return `${base} || case when ${number} = 1 then '' else '_' || ${number} end`;
}

function isTaken(slug: string): string {
  return `exists (select from stratum.tenants where slug = ${slug})`;
}

/**
 * The first free slugs of each base. A million tenants may share a name, so the numbers are not
 * counted through: doubling finds a free one, halving the interval finds the first after it that
 * follows a taken one. Holes that deletions left are passed over or used, whichever is met.
 */
const FREE_SLUGS = `
  select series.base, to_json(free.slugs) as slugs
  from jsonb_to_recordset($1::jsonb) as series(base text, wanted int) cross join lateral (
    with recursive doubling(free) as (
      select 1
      union all
      select free * 2 from doubling
      where free < ${LAST_NUMBER} and ${isTaken(numbered("series.base", "free"))}),
    halving(taken, free) as (
      select max(free) / 2, max(free) from doubling
      union all
      select case when hit then middle else taken end, case when hit then free else middle end
      from (select taken, free, middle, ${isTaken(numbered("series.base", "middle"))} as hit
            from (select taken, free, (taken + free) / 2 as middle from halving) as interval
            where free - taken > 1) as step)
    select array(
      select ${numbered("series.base", "number")}
      from generate_series(
        (select min(free) from halving),
        (select min(free) from halving) + 2 * series.wanted + cardinality($2::text[])) as number
      where not ${isTaken(numbered("series.base", "number"))}
        and ${numbered("series.base", "number")} <> all ($2::text[])
      order by number limit series.wanted) as slugs) as free`;

const ROOT_ORDER = `(select coalesce(max(sort_order) + 1, 0) from stratum.tenants
  where parent_id is null)`;

const takenExternalIds = (among: string, amongParents: string): string => `
  (select json_agg(json_build_array(root_id, external_id)) from stratum.tenants
   where external_id ${among}
     and root_id in (select root_id from stratum.tenants where id ${amongParents}))`;

const entriesAbove = (among: string, amongParents: string): string => `
  (select json_agg(json_build_object(
     'tenant_id', tenant_id, 'key', key, 'locked', locked, 'sensitive', sensitive))
   from stratum.config_entries
   where (locked or sensitive) and key ${among} and tenant_id in (
     select ancestor::uuid from stratum.tenants as p,
       unnest(string_to_array(p.path::text, '.')) as ancestor
     where p.id ${amongParents}))`;

const regionJson = (which: string): string => `
  (select json_build_object('id', g.id, 'status', g.status)
   from stratum.regions as g where ${which})`;

const isolationEntries = (path: string): string => `
  coalesce((select json_agg(json_build_object('value', e.value, 'locked', e.locked) order by chain.place)
   from unnest(string_to_array(${path}::text, '.')::uuid[]) with ordinality as chain(id, place)
   join stratum.config_entries as e on e.tenant_id = chain.id and e.key = '${ALLOWED_ISOLATION_KEY}'), '[]')`;

const chosenRegions = (among: string): string => `
  (select json_agg(json_build_object('id', id, 'status', status)) from stratum.regions
   where id::text ${among})`;

/** The column that {@link configured} writes. */
const CONFIG_VALUE = { table: "config_entries", column: "value" };

const configured = (rows: string): string => `
  insert into stratum.config_entries (tenant_id, key, value, sensitive)
  select tenant_id, key, coalesce(value, 'null'), sensitive
  from jsonb_to_recordset(${rows}::jsonb) as entry(
    tenant_id uuid, key text, value jsonb, sensitive boolean)`;

const NEW_TENANT = `id uuid, parent_id uuid, path text, name text, slug text, external_id text,
  metadata jsonb, isolation_strategy text, status text, region_id uuid, sort_order int`;

/** The statements of createTenant and batchCreateTenants, whatever the number of tenants. */
@Injectable()
export class TenantCreationStore {
  constructor(private readonly encryption: Encryption) {}

  /** Reads under the locks whatever the creation depends on, in one statement. */
  async preconditions(tx: Transaction, query: PreconditionsQuery): Promise<Preconditions> {
    const values: unknown[] = [];
    const amongParents = among(values, query.parents, "uuid");
    // Planning a question costs more than answering it with nothing.
    const unlessEmpty = (list: readonly string[], question: typeof entriesAbove): string =>
      list.length === 0
        ? "'[]'::json"
        : `coalesce(${question(among(values, list, "text"), amongParents)}, '[]')`;
    const rows = await tx.query<Preconditions>(
      `select
         coalesce((select json_agg(json_build_object(
            'id', p.id, 'path', p.path::text, 'status', p.status,
            'isolation_strategy', p.isolation_strategy, 'limited', ${isLimited("p.path")},
            'region', ${regionJson("g.id = p.region_id")},
            'isolation_entries', ${isolationEntries("p.path")},
            'next_order', (select coalesce(max(c.sort_order) + 1, 0)
                           from stratum.tenants as c where c.parent_id = p.id)))
          from stratum.tenants as p where p.id ${amongParents}), '[]') as parents,
         ${query.roots ? ROOT_ORDER : "0"} as root_order,
         coalesce((select json_agg(slug) from stratum.tenants
                   where slug ${among(values, query.slugs, "text")}), '[]') as taken_slugs,
         ${unlessEmpty(query.externalIds, takenExternalIds)} as taken_external_ids,
         ${unlessEmpty(query.regions, chosenRegions)} as regions,
         ${unlessEmpty(query.configKeys, entriesAbove)} as above`,
      values,
    );
    return rows[0] as Preconditions;
  }

  /**
   * The next free slugs of each base, best first; fewer than wanted when its numbers are used up.
   *
   * @param except slugs that other tenants of the same call will have
   */
  async freeSlugs(
    tx: Transaction,
    bases: readonly { readonly base: string; readonly wanted: number }[],
    except: readonly string[],
  ): Promise<FreeSlugs> {
    if (bases.length === 0) return new Map();
    const rows = await tx.query<{ base: string; slugs: string[] }>(FREE_SLUGS, [
      JSON.stringify(bases),
      except,
    ]);
    return new Map(rows.map(({ base, slugs }) => [base, slugs]));
  }

  /**
   * Inserts tenants and configuration entries of theirs in one statement; sensitive entries in another,
   * since their tenants' data keys have to be made in between.
   *
   * @throws MasterKeyUnavailableError
   */
  async insert(
    tx: Transaction,
    tenants: readonly NewTenantRow[],
    config: readonly NewConfigRow[],
  ): Promise<TenantRow[]> {
    const plain = config.filter(({ sensitive }) => !sensitive);
    const entries = plain.length === 0 ? [] : [JSON.stringify(plain)];
    const rows = await tx.query<TenantRow>(
      `${plain.length === 0 ? "" : `with configured as (${configured("$2")})`}
       insert into stratum.tenants (id, parent_id, path, name, slug, external_id, metadata,
         isolation_strategy, status, region_id, sort_order)
       select id, parent_id, path::ltree, name, slug, external_id, metadata,
              isolation_strategy, status, region_id, sort_order
       from jsonb_to_recordset($1::jsonb) as tenant(${NEW_TENANT})
       returning ${TENANT_COLUMNS.join(", ")}`,
      [JSON.stringify(tenants), ...entries],
    );
    const secret = config.filter(({ sensitive }) => sensitive);
    if (secret.length > 0) await this.insertSealed(tx, secret);
    return rows;
  }

  private async insertSealed(tx: Transaction, entries: readonly NewConfigRow[]): Promise<void> {
    const sealed = await this.encryption.seal(
      tx,
      entries.map(({ tenant_id, key, value }) => ({
        place: placeIn(CONFIG_VALUE, tenant_id, key),
        plaintext: JSON.stringify(value),
      })),
    );
    const rows = entries.map((entry, index) => ({ ...entry, value: sealed[index] }));
    await tx.query(configured("$1"), [JSON.stringify(rows)]);
  }
}
