import { Injectable } from "@nestjs/common";
import {
  dormantDaysSchema,
  listSchema,
  MAX_UNPAGED_RESULTS,
  tenantIdSchema,
  validate,
  type ApiKey,
  type ListInput,
  type TenantPath,
} from "@stratum-hq/core";
import { currentCaller } from "../context/caller";
import { requireVisible } from "../tenancy/access";
import { complete } from "../tenancy/page-cursor";
import { TenantStore } from "../tenancy/tenant.store";
import { isKeyVisible, toApiKey } from "./api-key-access";
import { ApiKeyListStore } from "./api-key-list.store";
import { ApiKeyStore } from "./api-key.store";

/** Reads about API keys; the keys themselves are nowhere to be read. */
@Injectable()
export class ApiKeyReadService {
  constructor(
    private readonly keys: ApiKeyStore,
    private readonly lists: ApiKeyListStore,
    private readonly tenants: TenantStore,
  ) {}

  /** One key; null for one that is not there, or that the caller may not see. @throws ValidationError */
  async getApiKey(id: string): Promise<ApiKey | null> {
    const key = await this.keys.find(validate(tenantIdSchema, id, "id"));
    return key !== undefined && isKeyVisible(currentCaller(), key) ? toApiKey(key) : null;
  }

  /**
   * The keys of a tenant, revoked and expired ones too; or, without a tenant, all that the caller may
   * see. Oldest first.
   *
   * @param query `{ limit, cursor }` for a part of them; `cursor` is the last id seen
   * @throws ValidationError, TenantNotFoundError; ResultTooLargeError for more than 10,000 without limit
   */
  async listApiKeys(tenantId?: string | null, query: ListInput = {}): Promise<ApiKey[]> {
    const { cursor = null, limit } = validate(listSchema, query, "query");
    const id = validate(tenantIdSchema.nullish(), tenantId, "tenantId") ?? null;
    const tenant = id === null ? {} : { tenant_id: (await this.place(id)).id };
    const rows = await this.lists.list({
      ...tenant,
      ...(await this.bounds()),
      cursor,
      limit: limit ?? MAX_UNPAGED_RESULTS + 1,
    });
    return complete(rows, limit, "listApiKeys with { limit, cursor }");
  }

  /**
   * Working keys that were neither made nor used within so many days, of all tenants that the caller may
   * see. `last_used_at` is right to the minute.
   *
   * @param days default 90
   * @param query `{ limit, cursor }` for a part of them; `cursor` is the last id seen
   * @throws ValidationError; ResultTooLargeError for more than 10,000 without limit
   */
  async listDormantKeys(days?: number, query: ListInput = {}): Promise<ApiKey[]> {
    const dormantDays = validate(dormantDaysSchema, days, "days");
    const { cursor = null, limit } = validate(listSchema, query, "query");
    const rows = await this.lists.list({
      dormantDays,
      ...(await this.bounds()),
      cursor,
      limit: limit ?? MAX_UNPAGED_RESULTS + 1,
    });
    return complete(rows, limit, "listDormantKeys with { limit, cursor }");
  }

  /** What a bound caller may see: its own tenant and what is below. */
  private async bounds(): Promise<{ within?: TenantPath }> {
    const { bound_to } = currentCaller();
    return bound_to === null ? {} : { within: (await this.place(bound_to)).path };
  }

  private async place(tenantId: string): Promise<{ id: string; path: TenantPath }> {
    const row = await this.tenants.findById(tenantId);
    return requireVisible(row, currentCaller(), { tenant_id: tenantId });
  }
}
