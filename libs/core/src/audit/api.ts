import type {
  AuditContext,
  AuditEntry,
  ExportAuditLogsInput,
  QueryAuditLogsInput,
  RecordAuditEventInput,
} from "./audit.schemas";
import { body, path, queries, type ApiMethod } from "../api/api-method";

/** The record of every change. */
export interface AuditApi {
  /**
   * All entries that match the filters of `queryAuditLogs`, newest first, as NDJSON: one entry a line, each
   * that was there at the start exactly once. What is read ahead is a page; the rest is read as the
   * stream is. That it was exported stands in the log itself.
   *
   * @throws ValidationError; TenantNotFoundError when `tenant_id` is given and unknown
   */
  exportAuditLogs(
    query?: ExportAuditLogsInput,
    audit?: AuditContext,
  ): Promise<AsyncIterable<Uint8Array>>;

  /**
   * Entries that match all filters, newest first. For the next page pass the last entry's id as
   * `cursor`; each entry that was there at the first page appears on exactly one.
   *
   * @throws ValidationError; TenantNotFoundError when `tenant_id` is given and unknown
   */
  queryAuditLogs(query?: QueryAuditLogsInput): Promise<AuditEntry[]>;

  /**
   * One entry.
   *
   * @throws AuditEntryNotFoundError
   */
  getAuditEntry(id: string): Promise<AuditEntry>;

  /**
   * Records an event of the host application. It leaves no further entry and emits no event.
   *
   * @throws ValidationError; TenantNotFoundError; ForbiddenError when a caller bound to a tenant names none
   */
  recordAuditEvent(event: RecordAuditEventInput): Promise<AuditEntry>;
}

/** How each method of {@link AuditApi} travels, and what it asks of its caller. */
export const AUDIT_API = {
  exportAuditLogs: {
    effect: "mutator",
    http: "GET /audit-logs/export",
    status: 200,
    args: [queries()],
    scope: "audit:read",
    stream: true,
  },
  queryAuditLogs: {
    effect: "reader",
    http: "GET /audit-logs",
    status: 200,
    args: [queries()],
    scope: "audit:read",
    list: "array",
  },
  getAuditEntry: {
    effect: "reader",
    http: "GET /audit-logs/{id}",
    status: 200,
    args: [path("id")],
    scope: "audit:read",
  },
  recordAuditEvent: {
    effect: "mutator",
    http: "POST /audit-logs",
    status: 201,
    args: [body()],
    scope: "audit:write",
  },
} as const satisfies Record<keyof AuditApi, ApiMethod>;
