import { Module, type DynamicModule } from "@nestjs/common";
import { APP_FILTER, APP_GUARD } from "@nestjs/core";
import {
  ActorGuard,
  ApiKeyResolver,
  JwtResolver,
  StratumModule,
  type StratumOptions,
  type TenantResolver,
} from "@stratum-hq/lib";
import { apiController } from "./api/api-controller";
import type { Environment } from "./environment/environment";
import { FEATURES } from "./features";
import { HealthModule } from "./health/health.module";
import { ProblemFilter } from "./problems/problem.filter";
import { RateLimitGuard } from "./rate-limits/rate-limit.guard";
import { RateLimitsModule } from "./rate-limits/rate-limits.module";
import { RouteCheck } from "./server/route-check";

/** How callers prove who they are. */
function resolversOf(environment: Environment): TenantResolver[] {
  const {
    STRATUM_JWT_SECRET: secret,
    STRATUM_JWKS_URL: jwksUrl,
    STRATUM_JWT_ISSUER: issuer,
    STRATUM_JWT_AUDIENCE: audience,
  } = environment;
  const expected = {
    ...(issuer === undefined ? {} : { issuer }),
    ...(audience === undefined ? {} : { audience }),
  };
  const tokens =
    secret !== undefined
      ? [new JwtResolver({ ...expected, secret })]
      : jwksUrl !== undefined
        ? [new JwtResolver({ ...expected, jwksUrl })]
        : [];
  return [...tokens, new ApiKeyResolver()];
}

/** The control plane: every operation of the library over REST. */
@Module({})
export class ControlPlaneModule {
  /** @param stratum the library's options; `http` is the control plane's own */
  static forRoot(environment: Environment, stratum: StratumOptions): DynamicModule {
    const http = { resolvers: resolversOf(environment), guard: false };
    return {
      module: ControlPlaneModule,
      imports: [
        StratumModule.forRoot({ ...stratum, http }),
        RateLimitsModule.forRoot(environment),
        HealthModule,
      ],
      controllers: FEATURES.map(apiController),
      providers: [
        { provide: APP_FILTER, useClass: ProblemFilter },
        // It comes first: who has no credential is counted too.
        { provide: APP_GUARD, useExisting: RateLimitGuard },
        { provide: APP_GUARD, useClass: ActorGuard },
        RouteCheck,
      ],
    };
  }
}
