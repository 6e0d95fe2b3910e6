import type { ValidatedApiKey } from "@stratum-hq/core";
import type { Actor } from "../context/caller";
import type { Awaitable } from "./awaitable";
import type { TenantKey } from "../tenancy/tenant-key";
import type { TenantRequest } from "./tenant-request";

/** Requests that a credential may send in a window of milliseconds. */
export interface CredentialLimit {
  readonly limit: number;
  readonly window_ms: number;
}

/** Who a credential stands for. */
export interface Credential {
  /** What its requests are limited to, where it has a limit of its own. */
  readonly rate_limit?: CredentialLimit;
  /**
   * Bound to its tenant; of the platform where it has none. The same object for the same credential spares
   * its validation.
   */
  readonly actor: Actor;
  /**
   * Whether it belongs to no tenant and is not the platform either: `authorize` says which tenants it may
   * select, and it is then bound to that one.
   */
  readonly unbound?: boolean;
}

/** Tells what an API key stands for, as `Stratum.validateApiKey` does. */
export interface ApiKeyValidator {
  validateApiKey(key: string): Awaitable<ValidatedApiKey | null>;
}

/** Finds out by a credential of a request who sends it. */
export interface CredentialResolver {
  readonly kind: "credential";
  /**
   * Null where the request has no such credential, so that the next resolver is asked.
   *
   * @throws UnauthorizedError for a credential that is not valid: no other resolver is asked
   */
  authenticate(request: TenantRequest, keys: ApiKeyValidator): Awaitable<Credential | null>;
}

/** Finds the tenant that a request names. That alone lets nobody in. */
export interface TenantSelector {
  readonly kind: "selector";
  /** Null where the request names none, so that the next resolver is asked. */
  select(request: TenantRequest): Awaitable<TenantKey | null>;
}

export type TenantResolver = CredentialResolver | TenantSelector;
