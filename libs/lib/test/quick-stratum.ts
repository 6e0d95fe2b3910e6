import { Test } from "@nestjs/testing";
import { Stratum, type StratumOptions } from "@stratum-hq/lib";
import { SigningTimings } from "../src/context-keys/signing-timings";
import { OperationTimings } from "../src/operations/operation-timings";
import type { ServiceHost } from "../src/stratum";
import { StratumServicesModule } from "../src/stratum-services.module";

/** Milliseconds for which a process of these tests trusts what it knows of the signing key. */
export const QUICK_MS = 500;

/**
 * A Stratum that looks at the signing key more often, so that overlaps may be shorter, and for what has been
 * abandoned.
 */
export class QuickStratum extends Stratum {
  protected override async boot(options: StratumOptions): Promise<ServiceHost> {
    const module = Test.createTestingModule({ imports: [StratumServicesModule.forRoot(options)] });
    const timings: SigningTimings = { maxAge: QUICK_MS };
    const app = await module
      .overrideProvider(SigningTimings)
      .useValue(timings)
      .overrideProvider(OperationTimings)
      .useValue({ heartbeat: 5000, stale: 30_000, poll: QUICK_MS })
      .compile();
    return app.init();
  }
}
