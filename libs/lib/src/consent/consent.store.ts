import { Injectable } from "@nestjs/common";
import type { ConsentRecord, JsonObject, TenantPath } from "@stratum-hq/core";
import { Database } from "../persistence/database";
import type { SetStatement } from "../persistence/mutation-log.store";
import type { Transaction } from "../persistence/transaction";

/** Which consent: a tenant has one record for each. */
export interface ConsentIdentity {
  readonly tenant_id: string;
  readonly subject_id: string;
  readonly purpose: string;
}

/** A consent as it is given. */
export interface NewConsent extends ConsentIdentity {
  /** Of the record, where there is none yet. */
  readonly id: string;
  readonly expires_at: string | null;
  readonly metadata: JsonObject;
}

/** A record that is about to change. */
export interface LockedConsent extends ConsentRecord {
  /** Whether it has expired and the audit log does not have that yet. */
  readonly expiry_unrecorded: boolean;
}

/** The tenant with the consent that is in force; null for none. */
export interface ActiveConsent {
  readonly path: TenantPath;
  readonly consent: ConsentRecord | null;
}
type ActiveConsentRow = Pick<ActiveConsent, "path"> &
  (ConsentRecord | { readonly [Field in keyof ConsentRecord]: null });

const COLUMNS = `id, tenant_id, subject_id, purpose, granted, granted_at, revoked_at, expires_at,
  metadata, version, created_at, updated_at`;
const HAS_EXPIRED = "granted and expires_at <= now() and expiry_recorded_at is null";

/** What {@link expiryChange} has, as SQL. */
const stateOf = (expired: boolean): string => `jsonb_build_object(
  'subject_id', subject_id, 'purpose', purpose,
  'expires_at', to_char(expires_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'),
  'expired', ${expired}, 'version', version)`;

/** The statements of consents. Their times are those of the change itself, after what it waited for. */
@Injectable()
export class ConsentStore {
  constructor(private readonly database: Database) {}

  /** The record, kept from others until the transaction ends. */
  async findLocked(tx: Transaction, of: ConsentIdentity): Promise<LockedConsent | undefined> {
    const rows = await tx.query<LockedConsent>(
      `select ${COLUMNS}, coalesce(${HAS_EXPIRED}, false) as expiry_unrecorded
       from stratum.consent_records
       where tenant_id = $1 and subject_id = $2 and purpose = $3 for update`,
      [of.tenant_id, of.subject_id, of.purpose],
    );
    return rows[0];
  }

  /** The consent that is in force, in one round trip; undefined for no such tenant. */
  async findActive(of: ConsentIdentity): Promise<ActiveConsent | undefined> {
    const rows = await this.database.query<ActiveConsentRow>(
      `select t.path, c.* from stratum.tenants as t
       left join lateral (
         select ${COLUMNS} from stratum.consent_records
         where tenant_id = t.id and subject_id = $2 and purpose = $3
           and granted and (expires_at is null or expires_at > now())) as c on true
       where t.id = $1`,
      [of.tenant_id, of.subject_id, of.purpose],
    );
    if (rows[0] === undefined) return undefined;
    const { path, ...consent } = rows[0];
    return { path, consent: consent.id === null ? null : consent };
  }

  /** A tenant's records, or those of one subject, newest first, older than `cursor`. */
  async list(
    tenantId: string,
    subjectId: string | null,
    page: { readonly cursor: string | null; readonly limit: number },
  ): Promise<ConsentRecord[]> {
    const values: unknown[] = [tenantId, page.cursor, page.limit];
    const ofSubject = subjectId === null ? "" : `and subject_id = $${values.push(subjectId)}`;
    return this.database.query<ConsentRecord>(
      `select ${COLUMNS} from stratum.consent_records
       where tenant_id = $1 ${ofSubject} and ($2::uuid is null or id < $2)
       order by id desc limit $3`,
      values,
    );
  }

  /** Makes the record, or takes up the one that is there. */
  async grant(tx: Transaction, consent: NewConsent): Promise<ConsentRecord> {
    const rows = await tx.query<ConsentRecord>(
      `insert into stratum.consent_records as c
         (id, tenant_id, subject_id, purpose, expires_at, metadata, granted_at)
       values ($1, $2, $3, $4, $5, $6, clock_timestamp())
       on conflict (tenant_id, subject_id, purpose) do update
       set granted = true, granted_at = excluded.granted_at, revoked_at = null,
           expires_at = excluded.expires_at, expiry_recorded_at = null, metadata = excluded.metadata,
           version = c.version + 1, updated_at = excluded.granted_at
       returning ${COLUMNS}`,
      [
        consent.id,
        consent.tenant_id,
        consent.subject_id,
        consent.purpose,
        consent.expires_at,
        JSON.stringify(consent.metadata),
      ],
    );
    return rows[0] as ConsentRecord;
  }

  async revoke(tx: Transaction, id: string): Promise<ConsentRecord> {
    const rows = await tx.query<ConsentRecord>(
      `update stratum.consent_records
       set granted = false, revoked_at = clock_timestamp(), version = version + 1,
           updated_at = clock_timestamp()
       where id = $1 returning ${COLUMNS}`,
      [id],
    );
    return rows[0] as ConsentRecord;
  }

  /** Notes of consents that they have expired, the first ones first; those in others' hands are left to them. */
  expire(limit: number): SetStatement {
    return {
      text: `
        update stratum.consent_records set expiry_recorded_at = now()
        where id in (
          select id from stratum.consent_records where ${HAS_EXPIRED}
          order by expires_at limit $1 for no key update skip locked)
        returning tenant_id, id as consent_id, subject_id, purpose, granted, expires_at, version`,
      values: [limit],
      resource: { type: "consent", id: "consent_id::text" },
      before: stateOf(false),
      after: stateOf(true),
    };
  }
}
