import { Module, type DynamicModule } from "@nestjs/common";
import type { Environment } from "../environment/environment";
import { DEFAULT_LIMITS, RateLimitGuard, type DefaultLimits } from "./rate-limit.guard";
import { RequestCounts } from "./request-counts";

/** How many requests callers may send. */
@Module({})
export class RateLimitsModule {
  static forRoot({ REDIS_URL, RATE_LIMIT, RATE_LIMIT_ANONYMOUS }: Environment): DynamicModule {
    const defaults: DefaultLimits = { caller: RATE_LIMIT, anonymous: RATE_LIMIT_ANONYMOUS };
    return {
      module: RateLimitsModule,
      global: true,
      providers: [
        { provide: RequestCounts, useFactory: () => new RequestCounts(REDIS_URL) },
        { provide: DEFAULT_LIMITS, useValue: defaults },
        RateLimitGuard,
      ],
      exports: [RequestCounts, RateLimitGuard],
    };
  }
}
