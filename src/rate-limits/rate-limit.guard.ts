import { Inject, Injectable, type CanActivate, type ExecutionContext } from "@nestjs/common";
import { RateLimitedError } from "@stratum-hq/core";
import { RequestLimits, type RequestLimit, type RequestSender } from "@stratum-hq/lib";
import type { FastifyReply, FastifyRequest } from "fastify";
import { API_BASE } from "../api/route-path";
import { RequestCounts } from "./request-counts";

/** What limits callers who have no limit of their own: requests in a minute. */
export interface DefaultLimits {
  readonly caller: number;
  readonly anonymous: number;
}

export const DEFAULT_LIMITS = Symbol("default limits");

const MINUTE_MS = 60_000;

/** A limit of the sender's, or the one that everybody has. */
type Limit = Omit<RequestLimit, "policy"> & { readonly policy: RequestLimit["policy"] | "address" };

interface Counted extends Limit {
  readonly hits: number;
  readonly expires_in: number;
}

const item = ({ policy }: Limit, parameters: Readonly<Record<string, number>>): string =>
  [`"${policy}"`, ...Object.entries(parameters).map(([name, value]) => `${name}=${value}`)].join(
    ";",
  );

/** Refuses what comes too often. Says in every response what is left, as the IETF's draft on rate limits writes it. */
@Injectable()
export class RateLimitGuard implements CanActivate {
  constructor(
    @Inject(RequestLimits) private readonly limits: RequestLimits,
    @Inject(RequestCounts) private readonly counts: RequestCounts,
    @Inject(DEFAULT_LIMITS) private readonly defaults: DefaultLimits,
  ) {}

  /** @throws RateLimitedError */
  async canActivate(context: ExecutionContext): Promise<boolean> {
    const http = context.switchToHttp();
    // Supervisors ask as often as they like.
    if (!http.getRequest<FastifyRequest>().url.startsWith(API_BASE)) return true;
    const counted = await Promise.all(
      this.limitsOf(await this.limits.current()).map((limit) => this.count(limit)),
    );
    this.tell(http.getResponse(), counted);
    const exceeded = counted.find(({ hits, limit }) => hits > limit);
    if (exceeded === undefined) return true;
    throw new RateLimitedError(exceeded.policy, Math.max(1, exceeded.expires_in));
  }

  /** An address limits those alone of whom nothing else is known: many callers may share one. */
  private limitsOf({ actor_id, source_ip, limits }: RequestSender): Limit[] {
    const { anonymous, caller } = this.defaults;
    if (actor_id === null) {
      const id = source_ip ?? "";
      return [{ policy: "address", id, limit: anonymous, window_ms: MINUTE_MS }];
    }
    const hasOwn = limits.some(({ policy }) => policy === "key");
    const common = { policy: "key", id: actor_id, limit: caller, window_ms: MINUTE_MS } as const;
    return hasOwn ? [...limits] : [common, ...limits];
  }

  private async count(limit: Limit): Promise<Counted> {
    return { ...limit, ...(await this.counts.add(`${limit.policy} ${limit.id}`, limit.window_ms)) };
  }

  private tell(reply: FastifyReply, counted: readonly Counted[]): void {
    const policies = counted.map((each) =>
      item(each, { q: each.limit, w: Math.ceil(each.window_ms / 1000) }),
    );
    const left = counted.map((each) =>
      item(each, { r: Math.max(0, each.limit - each.hits), t: Math.max(0, each.expires_in) }),
    );
    void reply.header("RateLimit-Policy", policies.join(", ")).header("RateLimit", left.join(", "));
  }
}
