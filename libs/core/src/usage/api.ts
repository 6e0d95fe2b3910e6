import type {
  AggregateUsageInput,
  RecordUsageInput,
  UsageEvent,
  UsageTotal,
} from "./usage.schemas";
import { body, path, queries, type ApiMethod } from "../api/api-method";

/** What tenants use, recorded and added up. */
export interface UsageApi {
  /**
   * Records that a tenant used something. With an `idempotency_key` that the tenant's metric has had
   * before, it returns the first event as it is, whatever else is passed. Neither an audit row nor an
   * event of the outbox tells of it: usage is too frequent, and a record in itself.
   *
   * @throws ValidationError, TenantNotFoundError, TenantSuspendedError, TenantArchivedError
   */
  recordUsage(tenantId: string, input: RecordUsageInput): Promise<UsageEvent>;

  /**
   * What the tenant's events of each metric come to, sorted by metric: those from `from` on and before
   * `to`, each left out for no bound. With `include_descendants` those of the tenants below count too,
   * archived ones included.
   *
   * @throws ValidationError, TenantNotFoundError; ResultTooLargeError for more than 10,000 metrics
   */
  aggregateUsage(query: AggregateUsageInput): Promise<UsageTotal[]>;
}

/** How each method of {@link UsageApi} travels, and what it asks of its caller. */
export const USAGE_API = {
  recordUsage: {
    effect: "recorder",
    http: "POST /tenants/{id}/usage",
    status: 201,
    args: [path("id"), body()],
    scope: "usage:write",
  },
  aggregateUsage: {
    effect: "reader",
    http: "GET /usage",
    status: 200,
    args: [queries()],
    scope: "usage:read",
    list: "array",
  },
} as const satisfies Record<keyof UsageApi, ApiMethod>;
