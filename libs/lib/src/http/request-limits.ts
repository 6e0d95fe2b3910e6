import { Injectable } from "@nestjs/common";
import { RATE_LIMIT_KEY } from "@stratum-hq/core";
import { runUnscoped, isAnonymous } from "../context/caller";
import { ConfigApi } from "../config-inheritance/config-inheritance.api";
import { requestState } from "./request-state";

/** How many requests there may be in a window of time, counted together under one name. */
export interface RequestLimit {
  /** What is limited. */
  readonly policy: "key" | "tenant";
  /** What the requests are counted by: the key's id, or the tenant's. */
  readonly id: string;
  readonly limit: number;
  readonly window_ms: number;
}

/** Who sends the request in context, and what limits the requests of that one. */
export interface RequestSender {
  /** Null where nobody is authenticated. */
  readonly actor_id: string | null;
  readonly source_ip: string | null;
  readonly limits: readonly RequestLimit[];
}

const NOBODY: RequestSender = { actor_id: null, source_ip: null, limits: [] };

/**
 * The limits of requests: an API key's own, and `stratum.rate_limit` of the tenant that the sender is bound to, which
 * tenants below inherit. It counts nothing.
 */
@Injectable()
export class RequestLimits {
  constructor(private readonly config: ConfigApi) {}

  /** @throws what the tenant's configuration cannot be read with */
  async current(): Promise<RequestSender> {
    const state = requestState();
    if (state === null) return NOBODY;
    const { caller, rate_limit } = state;
    if (isAnonymous(caller)) return { ...NOBODY, source_ip: caller.source_ip };
    const { actor_id, bound_to, source_ip } = caller;
    const own =
      rate_limit === null ? [] : [{ policy: "key", id: actor_id, ...rate_limit } as const];
    const tenants = bound_to === null ? [] : await this.ofTenant(bound_to);
    return { actor_id, source_ip, limits: [...own, ...tenants] };
  }

  private async ofTenant(id: string): Promise<RequestLimit[]> {
    const config = await runUnscoped(() => this.config.resolveConfig(id));
    const value = config[RATE_LIMIT_KEY]?.value;
    if (value === undefined || value === null) return [];
    return [{ policy: "tenant", id, ...(value as { limit: number; window_ms: number }) }];
  }
}
