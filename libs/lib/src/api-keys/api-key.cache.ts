import { Injectable } from "@nestjs/common";
import type { TenantStatus, ValidatedApiKey } from "@stratum-hq/core";
import { ChainCache } from "../persistence/chain-cache";

/** A key that is not revoked, as validation needs it. */
export interface KnownKey {
  readonly validated: ValidatedApiKey;
  /** Milliseconds since 1970; null for never. */
  readonly expires_at: number | null;
  /** The nearest tenant of its chain that is not active: its own, if any is. */
  readonly shut: { readonly id: string; readonly status: TenantStatus } | null;
}

/** Keys by their hash. */
@Injectable()
export class ApiKeyCache extends ChainCache<KnownKey> {}
