import { Injectable } from "@nestjs/common";
import {
  deepFreeze,
  explainFold,
  foldPermissions,
  hideLinks,
  hideSource,
  pageSchema,
  permissionKeySchema,
  tenantIdSchema,
  TenantNotFoundError,
  validate,
  type HiddenTenants,
  type Page,
  type PageInput,
  type PermissionBan,
  type PermissionExplanation,
  type PermissionLevel,
  type ResolvedPermissions,
  type PermissionsApi,
} from "@stratum-hq/core";
import { currentCaller } from "../context/caller";
import type { ReadOptions } from "../context/read-options";
import type { Cached } from "../persistence/chain-cache";
import { requireOnChain, requireVisible } from "../tenancy/access";
import { hiddenFrom } from "../tenancy/disclosure";
import { decodeCursor, pageOf } from "../tenancy/page-cursor";
import { TenantStore } from "../tenancy/tenant.store";
import { PermissionBanStore } from "./permission-ban.store";
import { PermissionCache } from "./permission.cache";
import { PermissionStore, type PermissionLevelRow } from "./permission.store";

/** Reads permissions as tenants inherit them. */
@Injectable()
export class PermissionReadService implements Pick<
  PermissionsApi,
  "resolvePermissions" | "checkPermission" | "explainPermission" | "listPermissionBans"
> {
  constructor(
    private readonly store: PermissionStore,
    private readonly cache: PermissionCache,
    private readonly bans: PermissionBanStore,
    private readonly tenants: TenantStore,
  ) {}

  async resolvePermissions(id: string, options?: ReadOptions): Promise<ResolvedPermissions> {
    return this.cache.resolve(id, options, (tenantId) => this.load(tenantId));
  }

  async checkPermission(id: string, key: string, options?: ReadOptions): Promise<boolean> {
    const known = options === undefined ? this.cache.resolveNow(id) : undefined;
    const resolved = known ?? (await this.resolvePermissions(id, options));
    // A list of one key would be taken for the key.
    if (typeof key === "string" && Object.hasOwn(resolved, key)) {
      return resolved[key]?.value === true;
    }
    validate(permissionKeySchema, key, "key");
    return false;
  }

  async explainPermission(id: string, key: string): Promise<PermissionExplanation> {
    const tenantId = validate(tenantIdSchema, id, "id");
    const valid = validate(permissionKeySchema, key, "key");
    const rows = await this.levels(tenantId);
    const caller = currentCaller();
    const chain = rows.map((row) => row.id);
    requireOnChain(chain, caller);
    return explanationFor(explainFold(rows.map(toLevel), valid), hiddenFrom(caller, chain));
  }

  async listPermissionBans(id: string, query: PageInput = {}): Promise<Page<PermissionBan>> {
    const tenantId = validate(tenantIdSchema, id, "id");
    const { limit, cursor } = validate(pageSchema, query, "query");
    const after = decodeCursor(permissionKeySchema, cursor);
    const row = await this.tenants.findById(tenantId);
    requireVisible(row, currentCaller(), { tenant_id: tenantId });
    return pageOf(await this.bans.list(tenantId, after, limit + 1), limit, ({ key }) => key);
  }

  private async load(tenantId: string): Promise<Cached<ResolvedPermissions>> {
    const rows = await this.levels(tenantId);
    return {
      chain: rows.map(({ id }) => id),
      value: deepFreeze(foldPermissions(rows.map(toLevel))),
    };
  }

  private async levels(tenantId: string): Promise<PermissionLevelRow[]> {
    const rows = await this.store.levels(tenantId);
    if (rows.length === 0) throw new TenantNotFoundError({ tenant_id: tenantId });
    return rows;
  }
}

function explanationFor(
  { resolved, banned_at, chain, ...told }: PermissionExplanation,
  hidden: HiddenTenants,
): PermissionExplanation {
  return {
    ...told,
    resolved: resolved === null ? null : hideSource(resolved, hidden),
    banned_at: hidden.has(banned_at?.tenant_id ?? "") ? { tenant_id: null, slug: null } : banned_at,
    chain: hideLinks(chain, hidden),
  };
}

function toLevel({ id, ...level }: PermissionLevelRow): PermissionLevel {
  return { tenant_id: id, ...level };
}
