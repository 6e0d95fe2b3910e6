import { Injectable } from "@nestjs/common";
import {
  dormantDaysSchema,
  tenantIdSchema,
  validate,
  type ApiKey,
  type Page,
  type PageInput,
  type TenantPath,
  type ApiKeysApi,
} from "@stratum-hq/core";
import { currentCaller } from "../context/caller";
import { requireVisible } from "../tenancy/access";
import { listed, listRequest } from "../tenancy/page-cursor";
import { TenantStore } from "../tenancy/tenant.store";
import { isKeyVisible, toApiKey } from "./api-key-access";
import { ApiKeyListStore } from "./api-key-list.store";
import { ApiKeyStore } from "./api-key.store";

/** Reads about API keys; the keys themselves are nowhere to be read. */
@Injectable()
export class ApiKeyReadService implements Pick<
  ApiKeysApi,
  "getApiKey" | "listApiKeys" | "listDormantKeys"
> {
  constructor(
    private readonly keys: ApiKeyStore,
    private readonly lists: ApiKeyListStore,
    private readonly tenants: TenantStore,
  ) {}

  async getApiKey(id: string): Promise<ApiKey | null> {
    const key = await this.keys.find(validate(tenantIdSchema, id, "id"));
    return key !== undefined && isKeyVisible(currentCaller(), key) ? toApiKey(key) : null;
  }

  async listApiKeys(tenantId: string | null | undefined, query: PageInput): Promise<Page<ApiKey>>;
  async listApiKeys(tenantId?: string | null): Promise<ApiKey[]>;
  async listApiKeys(tenantId?: string | null, query?: PageInput): Promise<ApiKey[] | Page<ApiKey>> {
    const request = listRequest(query);
    const id = validate(tenantIdSchema.nullish(), tenantId, "tenantId") ?? null;
    const tenant = id === null ? {} : { tenant_id: (await this.place(id)).id };
    const rows = await this.lists.list({
      ...tenant,
      ...(await this.bounds()),
      cursor: request.cursor,
      limit: request.rows,
    });
    return listed(rows, request, "listApiKeys with { limit, cursor }");
  }

  async listDormantKeys(days: number | undefined, query: PageInput): Promise<Page<ApiKey>>;
  async listDormantKeys(days?: number): Promise<ApiKey[]>;
  async listDormantKeys(days?: number, query?: PageInput): Promise<ApiKey[] | Page<ApiKey>> {
    const dormantDays = validate(dormantDaysSchema, days, "days");
    const request = listRequest(query);
    const rows = await this.lists.list({
      dormantDays,
      ...(await this.bounds()),
      cursor: request.cursor,
      limit: request.rows,
    });
    return listed(rows, request, "listDormantKeys with { limit, cursor }");
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
