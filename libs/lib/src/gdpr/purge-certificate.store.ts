import { Injectable } from "@nestjs/common";
import type { PurgeCertificate, TenantPath } from "@stratum-hq/core";
import type { Caller } from "../context/caller";
import { Database } from "../persistence/database";
import type { Sql } from "../persistence/sql";
import type { Transaction } from "../persistence/transaction";

/** A row of table `purge_certificates`, with the place of the parent. */
export interface CertificateRow extends Omit<PurgeCertificate, "completed_at"> {
  /** Null until the purge is done. */
  readonly completed_at: string | null;
  /** Null for a root's, and where the parent is gone. */
  readonly parent_id: string | null;
  readonly parent_path: TenantPath | null;
}

/** What is written of a certificate as its purge begins. */
export type NewCertificate = Pick<
  CertificateRow,
  "id" | "tenant_id" | "parent_id" | "subtree" | "tenants"
>;

const SELECT = `select c.id, c.tenant_id, c.parent_id, c.subtree, c.tenants, c.deleted,
    to_json(c.key_ids) as key_ids, c.actor_id, c.actor_type, c.request_id, c.requested_at,
    c.completed_at, p.path as parent_path
  from stratum.purge_certificates as c left join stratum.tenants as p on p.id = c.parent_id`;

/** The statements of certificates. */
@Injectable()
export class PurgeCertificateStore {
  constructor(private readonly database: Database) {}

  async insert(tx: Transaction, caller: Caller, certificate: NewCertificate): Promise<void> {
    await tx.query(
      `insert into stratum.purge_certificates (id, tenant_id, parent_id, subtree, tenants,
         actor_id, actor_type, request_id)
       values ($1, $2, $3, $4, $5, $6, $7, $8)`,
      [
        certificate.id,
        certificate.tenant_id,
        certificate.parent_id,
        certificate.subtree,
        certificate.tenants,
        caller.actor_id,
        caller.actor_type,
        caller.request_id,
      ],
    );
  }

  async find(id: string, sql: Sql = this.database): Promise<CertificateRow | undefined> {
    return (await sql.query<CertificateRow>(`${SELECT} where c.id = $1`, [id]))[0];
  }

  /** The certificate of an id of its own, or of any tenant that it tells of. */
  async findByEither(id: string): Promise<CertificateRow | undefined> {
    const rows = await this.database.query<CertificateRow>(
      `${SELECT} where c.id = $1 or c.id = (
         select certificate_id from stratum.purged_tenants where tenant_id = $1)`,
      [id],
    );
    return rows[0];
  }

  /** Adds what a step destroyed; how many tenants the certificate is to tell of. */
  async add(
    tx: Transaction,
    id: string,
    deleted: Readonly<Record<string, number>>,
    keyIds: readonly string[] = [],
  ): Promise<number> {
    const rows = await tx.query<{ tenants: number }>(
      `update stratum.purge_certificates as c
       set key_ids = c.key_ids || $3::uuid[],
           deleted = coalesce((
             select jsonb_object_agg(name, n order by name) from (
               select key as name, sum(value::bigint) as n
               from (select * from jsonb_each_text(c.deleted)
                     union all select * from jsonb_each_text($2::jsonb)) as counted
               group by key) as total where n > 0), '{}')
       where id = $1 returning tenants`,
      [id, JSON.stringify(deleted), keyIds],
    );
    return rows[0]?.tenants ?? 0;
  }

  async complete(tx: Transaction, id: string): Promise<void> {
    await tx.query(
      "update stratum.purge_certificates set completed_at = clock_timestamp() where id = $1",
      [id],
    );
  }
}
