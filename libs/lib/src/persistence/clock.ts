import { Injectable } from "@nestjs/common";

/** The time, injected so that tests can set it. */
@Injectable()
export class Clock {
  /** Milliseconds since 1970. */
  now(): number {
    return Date.now();
  }

  /** Milliseconds that only ever grow, from an arbitrary start. */
  monotonic(): number {
    return performance.now();
  }
}
