import type { NestFastifyApplication } from "@nestjs/platform-fastify";
import type { StratumOptions } from "@stratum-hq/lib";
import { pino } from "pino";
import { createControlPlane } from "../../src/control-plane";
import { readEnvironment } from "../../src/environment/environment";
import type { StratumFixture } from "./use-stratum";

/** A control plane over a suite's database. */
export interface ControlPlaneFixture {
  readonly app: NestFastifyApplication;
  readonly origin: string;
  /** The platform's key, with platform:admin. */
  readonly key: string;
}

/**
 * Starts a control plane over the suite's database, and ends it after the suite. Call it after useStratum.
 *
 * @param variables of its environment
 */
export function useControlPlane(
  t: StratumFixture,
  variables: NodeJS.ProcessEnv = {},
  options: Partial<StratumOptions> = {},
): ControlPlaneFixture {
  const fixture = {} as { -readonly [K in keyof ControlPlaneFixture]: ControlPlaneFixture[K] };
  beforeAll(async () => {
    const pool = t.database.newPool();
    const app = await createControlPlane(
      // No suite but that of the limits is to meet them.
      readEnvironment({ RATE_LIMIT: "1000000", RATE_LIMIT_ANONYMOUS: "1000000", ...variables }),
      { ...options, pool },
      pino({ level: "silent" }),
    );
    await app.listen({ host: "127.0.0.1", port: 0 });
    fixture.app = app;
    fixture.origin = await app.getUrl();
    const { plaintext_key } = await t.stratum.createApiKey(null, {
      name: "platform",
      scopes: ["platform:admin"],
    });
    fixture.key = plaintext_key;
  });
  afterAll(() => fixture.app.close());
  return fixture;
}
