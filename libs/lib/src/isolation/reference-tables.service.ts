import { Injectable } from "@nestjs/common";
import {
  REFRESH_FAILURES_LISTED,
  type AuditContext,
  type ReferenceRefresh,
  type IsolationApi,
} from "@stratum-hq/core";
import { currentCaller, type Caller } from "../context/caller";
import { requirePlatformAdmin } from "../context/authorization";
import { translateDatabaseError } from "../persistence/database-errors";
import { Mutations } from "../tenancy/mutations";
import { TenantStorages } from "../tenancy/tenant-storages";
import { ReferenceTablesStore } from "./reference-tables.store";
import { TenantTableRegistry } from "./tenant-table-registry";

/** Keeps the copies of reference tables what the originals are, in the schema that tenants share. */
@Injectable()
export class ReferenceTablesService implements Pick<IsolationApi, "refreshReferenceTables"> {
  constructor(
    private readonly mutations: Mutations,
    private readonly registry: TenantTableRegistry,
    private readonly storages: TenantStorages,
    private readonly store: ReferenceTablesStore,
  ) {}

  async refreshReferenceTables(audit?: AuditContext): Promise<ReferenceRefresh> {
    const caller = currentCaller(audit);
    requirePlatformAdmin(caller);
    const { references } = this.registry.tables();
    const result = { placements: 0, rows: 0, failures: 0, failed: [] as Refusal[] };
    if (references.length === 0) return result;
    await this.mutations.run({ tenant: null, caller, operation: null }, async (m) => {
      await this.store.awaitCreations(m.tx);
      const change = {
        action: "reference_tables.refreshed",
        resource_type: "reference_tables",
        ...{ resource_id: null, tenant_id: null, before: null, after: null },
        metadata: { tables: [...references] },
      };
      await m.record([change], []);
    });
    for await (const id of this.store.placed()) {
      try {
        result.rows += await this.refresh(id, caller);
        result.placements += 1;
      } catch (error) {
        result.failures += 1;
        if (result.failures <= REFRESH_FAILURES_LISTED) result.failed.push(refusalOf(id, error));
      }
    }
    return result;
  }

  private async refresh(id: string, caller: Caller): Promise<number> {
    return this.mutations.runWithoutTenant({ caller }, async ({ tx }) => {
      const tenant = await this.store.keep(tx, id);
      if (tenant === undefined) return 0;
      const storage = this.storages.of(tenant.isolation_strategy);
      return (await storage.refreshReferences?.(tx, tenant)) ?? 0;
    });
  }
}

type Refusal = ReferenceRefresh["failed"][number];

function refusalOf(tenant_id: string, error: unknown): Refusal {
  const { code, message } = translateDatabaseError(error);
  return { tenant_id, code, message };
}
