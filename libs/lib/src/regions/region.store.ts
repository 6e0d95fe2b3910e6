import { Injectable } from "@nestjs/common";
import { MASK, type JsonObject, type Region, type RegionStatus } from "@stratum-hq/core";
import { REGION_LOCK } from "../persistence/advisory-locks";
import { Database } from "../persistence/database";
import type { Sql } from "../persistence/sql";
import type { Transaction } from "../persistence/transaction";

/** What is written of a region, `database_url` apart. */
export interface RegionFields {
  readonly display_name: string;
  readonly control_plane_url: string | null;
  readonly is_primary: boolean;
  readonly status: RegionStatus;
  readonly metadata: JsonObject;
}

/** The URL's ciphertext never leaves the table: only that there is one. */
const COLUMNS = `id, display_name, slug, control_plane_url,
  case when database_url is not null then '${MASK}' end as database_url,
  is_primary, status, metadata, version, created_at, updated_at`;

/** The statements of regions. */
@Injectable()
export class RegionStore {
  constructor(private readonly database: Database) {}

  /** Lets one transaction after the other change regions: which one is primary is a matter of them all. */
  async lockAll(tx: Transaction): Promise<void> {
    await tx.query("select pg_advisory_xact_lock($1, 0)", [REGION_LOCK]);
  }

  async find(id: string, sql: Sql = this.database): Promise<Region | undefined> {
    return (
      await sql.query<Region>(`select ${COLUMNS} from stratum.regions where id = $1`, [id])
    )[0];
  }

  /**
   * The region, kept from others: from being changed or deleted, and from getting tenants (`update`), or
   * (`share`) from being changed or deleted by others.
   */
  async findLocked(
    tx: Transaction,
    id: string,
    mode: "update" | "share",
  ): Promise<Region | undefined> {
    const text = `select ${COLUMNS} from stratum.regions where id = $1 for ${mode}`;
    return (await tx.query<Region>(text, [id]))[0];
  }

  /** The primary region, if it is not this one, no longer one from now on. */
  async demotePrimary(
    tx: Transaction,
    except: string,
  ): Promise<{ before: Region; after: Region } | undefined> {
    const [before] = await tx.query<Region>(
      `select ${COLUMNS} from stratum.regions where is_primary and id <> $1 for update`,
      [except],
    );
    if (before === undefined) return undefined;
    return { before, after: await this.update(tx, before.id, { ...before, is_primary: false }) };
  }

  /** Regions in the order in which they were created, after `cursor`. */
  async list(cursor: string | null, limit: number): Promise<Region[]> {
    return this.database.query<Region>(
      `select ${COLUMNS} from stratum.regions where ($1::uuid is null or id > $1)
       order by id limit $2`,
      [cursor, limit],
    );
  }

  async insert(
    tx: Transaction,
    region: RegionFields & { readonly id: string; readonly slug: string },
    sealedUrl: string | null,
  ): Promise<Region> {
    const rows = await tx.query<Region>(
      `insert into stratum.regions (id, slug, display_name, control_plane_url, is_primary, status,
         metadata, database_url)
       values ($1, $2, $3, $4, $5, $6, $7, $8) returning ${COLUMNS}`,
      [region.id, region.slug, ...valuesOf(region), sealedUrl],
    );
    return rows[0] as Region;
  }

  /** @param sealedUrl undefined to leave it as it is */
  async update(
    tx: Transaction,
    id: string,
    fields: RegionFields,
    sealedUrl?: string | null,
  ): Promise<Region> {
    const rows = await tx.query<Region>(
      `update stratum.regions
       set display_name = $2, control_plane_url = $3, is_primary = $4, status = $5, metadata = $6,
           database_url = case when $7::boolean then $8::text else database_url end,
           version = version + 1, updated_at = now()
       where id = $1 returning ${COLUMNS}`,
      [id, ...valuesOf(fields), sealedUrl !== undefined, sealedUrl ?? null],
    );
    return rows[0] as Region;
  }

  async delete(tx: Transaction, id: string): Promise<void> {
    await tx.query("delete from stratum.regions where id = $1", [id]);
  }

  /** How many tenants are in a region, whatever their status. */
  async tenantsIn(tx: Transaction, id: string): Promise<number> {
    const rows = await tx.query<{ n: number }>(
      "select count(*)::int as n from stratum.tenants where region_id = $1",
      [id],
    );
    return rows[0]?.n ?? 0;
  }
}

function valuesOf(fields: RegionFields): unknown[] {
  const { display_name, control_plane_url, is_primary, status, metadata } = fields;
  return [display_name, control_plane_url, is_primary, status, JSON.stringify(metadata)];
}
