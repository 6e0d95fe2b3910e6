import { Injectable } from "@nestjs/common";
import {
  exportAuditLogsSchema,
  MAX_PAGE_SIZE,
  validate,
  type AuditContext,
  type AuditEntry,
  type ExportAuditLogsInput,
  type JsonObject,
  type AuditApi,
} from "@stratum-hq/core";
import { AsyncLocalStorage } from "node:async_hooks";
import { Readable } from "node:stream";
import { currentCaller } from "../context/caller";
import { Mutations } from "../tenancy/mutations";
import { AuditService } from "./audit.service";

/** The page of entries that begins behind an id. */
type NextPage = (cursor?: string) => Promise<AuditEntry[]>;

/** Hands the audit log out as a file. */
@Injectable()
export class AuditExportService implements Pick<AuditApi, "exportAuditLogs"> {
  constructor(
    private readonly mutations: Mutations,
    private readonly audit: AuditService,
  ) {}

  async exportAuditLogs(query: ExportAuditLogsInput = {}, audit?: AuditContext): Promise<Readable> {
    const caller = currentCaller(audit);
    const filters = validate(exportAuditLogsSchema, query, "query");
    // Whoever reads the stream, and wherever: it goes on for the caller who asked for it.
    const inContext = AsyncLocalStorage.snapshot();
    const page: NextPage = async (cursor) =>
      inContext(() => this.audit.queryAuditLogs({ ...filters, limit: MAX_PAGE_SIZE, cursor }));
    const first = await page();
    const tenant_id = filters.tenant_id ?? caller.bound_to;
    const change = {
      action: "audit.exported",
      resource_type: "audit_log",
      resource_id: tenant_id,
      tenant_id,
      before: null,
      after: null,
      metadata: { filters: given(filters) },
    };
    await this.mutations.runWithoutTenant({ caller }, (m) => m.record([change], []));
    return Readable.from(pagesOfLines(first, page), { objectMode: false });
  }
}

/** The filters that were given. */
function given(filters: Readonly<Record<string, unknown>>): JsonObject {
  return JSON.parse(JSON.stringify(filters)) as JsonObject;
}

async function* pagesOfLines(first: readonly AuditEntry[], next: NextPage): AsyncGenerator<string> {
  for (let page = first; page.length > 0; page = await next(page.at(-1)?.id)) {
    yield page.map((entry) => `${JSON.stringify(entry)}\n`).join("");
    if (page.length < MAX_PAGE_SIZE) return;
  }
}
