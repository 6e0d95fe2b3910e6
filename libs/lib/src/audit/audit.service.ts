import { Injectable } from "@nestjs/common";
import {
  AuditEntryNotFoundError,
  ForbiddenError,
  queryAuditLogsSchema,
  recordAuditEventSchema,
  tenantIdSchema,
  validate,
  type AuditEntry,
  type QueryAuditLogsInput,
  type RecordAuditEventInput,
  type AuditApi,
} from "@stratum-hq/core";
import { currentCaller, type Caller } from "../context/caller";
import { noteProbe } from "../context/probes";
import { rowIdTail } from "../persistence/row-ids";
import { IdGenerator } from "../persistence/id-generator";
import { requireVisible } from "../tenancy/access";
import { tenantsNamed, withKnown } from "../tenancy/named-tenants";
import { Mutations } from "../tenancy/mutations";
import { TenantStore } from "../tenancy/tenant.store";
import { AuditQuery } from "./audit-query";
import { AuditStore } from "./audit.store";

/** Where entries name tenants. */
const STATES = ["before_state", "after_state"];

/** Reads the audit log, and takes the host application's own events into it. */
@Injectable()
export class AuditService implements Pick<
  AuditApi,
  "queryAuditLogs" | "getAuditEntry" | "recordAuditEvent"
> {
  constructor(
    private readonly tenants: TenantStore,
    private readonly query: AuditQuery,
    private readonly store: AuditStore,
    private readonly ids: IdGenerator,
    private readonly mutations: Mutations,
  ) {}

  async queryAuditLogs(query: QueryAuditLogsInput = {}): Promise<AuditEntry[]> {
    const filters = validate(queryAuditLogsSchema, query, "query");
    const caller = currentCaller();
    const tenantId = filters.tenant_id ?? caller.bound_to;
    const tenant =
      tenantId === null
        ? null
        : requireVisible(await this.tenants.findById(tenantId), caller, { tenant_id: tenantId });
    const withDescendants = filters.tenant_id === undefined || filters.include_descendants === true;
    return this.disclosed(await this.query.find(filters, tenant, withDescendants), caller);
  }

  async getAuditEntry(id: string): Promise<AuditEntry> {
    const entryId = validate(tenantIdSchema, id, "id");
    const caller = currentCaller();
    const { bound_to } = caller;
    const own = bound_to === null ? null : await this.tenants.findById(bound_to);
    const found = await this.query.findById(entryId, bound_to === null ? null : (own ?? undefined));
    const [entry] = await this.disclosed(found, caller);
    if (entry !== undefined) return entry;
    // Whether it is another's or nobody's is found out for both alike, and told to neither.
    if (bound_to !== null && (await this.query.findById(entryId, null)).length > 0) {
      noteProbe(caller, { resource_type: "audit_log", resource_id: entryId });
    }
    throw new AuditEntryNotFoundError(entryId);
  }

  /** The entries without tenants that the caller may not know. */
  private async disclosed(entries: AuditEntry[], caller: Caller): Promise<AuditEntry[]> {
    if (caller.bound_to === null || caller.sees_ancestors) return entries;
    const named = tenantsNamed(entries, STATES);
    const known = new Set(await this.tenants.idsWithin(named, caller.bound_to));
    return entries.map((entry) => withKnown(entry, STATES, known));
  }

  async recordAuditEvent(event: RecordAuditEventInput): Promise<AuditEntry> {
    const valid = validate(recordAuditEventSchema, event, "event");
    const caller = currentCaller();
    const tenantId = valid.tenantId ?? null;
    if (tenantId !== null) {
      requireVisible(await this.tenants.findById(tenantId), caller, { tenant_id: tenantId });
    } else if (caller.bound_to !== null) {
      throw new ForbiddenError("Only the platform writes to its own log. Name a tenantId.");
    }
    const entry = {
      actor_id: valid.actorId,
      actor_type: valid.actorType,
      action: valid.action,
      resource_type: valid.resourceType,
      resource_id: valid.resourceId ?? null,
      tenant_id: tenantId,
      source_ip: valid.sourceIp ?? caller.source_ip,
      request_id: valid.requestId ?? caller.request_id,
      before_state: valid.before ?? null,
      after_state: valid.after ?? null,
      metadata: valid.metadata ?? {},
      occurred_at: valid.occurredAt ?? null,
    };
    return this.mutations.runWithoutTenant({ caller }, ({ tx }) =>
      this.store.insert(tx, entry, rowIdTail(this.ids.next())),
    );
  }
}
