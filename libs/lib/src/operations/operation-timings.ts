import { Injectable } from "@nestjs/common";
import { OPERATION_HEARTBEAT_MS, OPERATION_POLL_MS, OPERATION_STALE_MS } from "@stratum-hq/core";

/** How long things take, in milliseconds; tests put shorter ones in their place. */
@Injectable()
export class OperationTimings {
  /** Between two signs of life of an attended operation. */
  readonly heartbeat: number = OPERATION_HEARTBEAT_MS;
  /** Without a sign of life until an operation counts as abandoned. */
  readonly stale: number = OPERATION_STALE_MS;
  /**
   * Between two looks for abandoned operations. Longer than pg keeps an idle connection, so that looking
   * does not keep a program alive that has nothing left to do.
   */
  readonly poll: number = OPERATION_POLL_MS;
}
