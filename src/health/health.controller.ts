import { Controller, Get, Inject, Res, ServiceUnavailableException } from "@nestjs/common";
import { HealthCheckService, HealthIndicatorService } from "@nestjs/terminus";
import { Public, Readiness, type ReadinessReport } from "@stratum-hq/lib";
import type { FastifyReply } from "fastify";
import { RequestCounts } from "../rate-limits/request-counts";

/** Milliseconds that an answer is given again: whoever may ask needs no credential. */
const KEPT_MS = 1000;

/** Whether the process lives, and whether it can serve: for supervisors and load balancers. */
@Controller("health")
@Public()
export class HealthController {
  #report: Promise<ReadinessReport> | null = null;
  #askedAt = 0;

  constructor(
    @Inject(HealthCheckService) private readonly health: HealthCheckService,
    @Inject(HealthIndicatorService) private readonly indicators: HealthIndicatorService,
    @Inject(Readiness) private readonly readiness: Readiness,
    @Inject(RequestCounts) private readonly counts: RequestCounts,
  ) {}

  /** Says that the process serves requests; it asks nothing of the database. */
  @Get("live")
  live(): { status: "ok" } {
    return { status: "ok" };
  }

  /** 200 where the database answers, its schema is this release's and caches are current; else 503, and why. */
  @Get("ready")
  async ready(@Res({ passthrough: true }) reply: FastifyReply): Promise<unknown> {
    const report = await this.report();
    const checks = Object.entries(report) as [string, { ready: boolean; code?: string }][];
    try {
      const { status, details } = await this.health.check(
        checks.map(([name, { ready, code }]) => () => {
          const indicator = this.indicators.check(name);
          return ready ? indicator.up() : indicator.down(code === undefined ? {} : { code });
        }),
      );
      const { redis } = this.counts;
      if (redis === null) return { status, details };
      // Requests are counted by this process alone meanwhile: it serves on.
      const isUp = redis === "up";
      return {
        status: isUp ? status : "degraded",
        details: { ...details, redis: { status: redis } },
      };
    } catch (error) {
      if (!(error instanceof ServiceUnavailableException)) throw error;
      void reply.status(error.getStatus()).header("Retry-After", "1");
      return error.getResponse();
    }
  }

  private async report(): Promise<ReadinessReport> {
    const now = performance.now();
    if (this.#report === null || now - this.#askedAt > KEPT_MS) {
      this.#askedAt = now;
      this.#report = this.readiness.check();
    }
    return this.#report;
  }
}
