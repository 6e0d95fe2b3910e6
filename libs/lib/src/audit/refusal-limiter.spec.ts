import {
  REFUSAL_SOURCES_REMEMBERED,
  REFUSAL_WINDOW_MS,
  REFUSALS_PER_PROCESS,
  REFUSALS_PER_SOURCE,
} from "@stratum-hq/core";
import fc from "fast-check";
import { RefusalLimiter } from "./refusal-limiter";

describe("the limiter of refusals", () => {
  it("admits so many of a source in a window, and tells how many it left out in the next", () => {
    const limiter = new RefusalLimiter();
    for (let n = 0; n < REFUSALS_PER_SOURCE; n += 1) expect(limiter.admit("a", n)).toBe(0);
    for (let n = 0; n < 7; n += 1) expect(limiter.admit("a", 100)).toBeNull();
    expect(limiter.admit("b", 100)).toBe(0);
    expect(limiter.admit("a", REFUSAL_WINDOW_MS - 1)).toBeNull();
    expect(limiter.admit("a", REFUSAL_WINDOW_MS)).toBe(8);
    expect(limiter.admit("a", REFUSAL_WINDOW_MS)).toBe(0);
    expect(limiter.takeAll()).toBe(0);
  });

  it("admits so many of all sources in a window", () => {
    const limiter = new RefusalLimiter();
    let admitted = 0;
    for (let n = 0; n < 2 * REFUSALS_PER_PROCESS; n += 1) {
      if (limiter.admit(`s${n}`, 0) !== null) admitted += 1;
    }
    expect(admitted).toBe(REFUSALS_PER_PROCESS);
    expect(limiter.takeAll()).toBe(REFUSALS_PER_PROCESS);
  });

  it("tells of sources that it had to forget", () => {
    const limiter = new RefusalLimiter();
    for (let n = 0; n <= REFUSALS_PER_SOURCE; n += 1) limiter.admit("first", 0);
    expect(limiter.takeForgotten()).toBe(0);
    for (let n = 0; n < REFUSAL_SOURCES_REMEMBERED; n += 1) {
      limiter.admit(`s${n}`, n * REFUSAL_WINDOW_MS);
    }
    expect(limiter.takeForgotten()).toBe(1);
    expect(limiter.takeForgotten()).toBe(0);
  });

  it("loses count of none: what is admitted, told and untold make up all", () => {
    const step = fc.record({
      source: fc.constantFrom("a", "b", "c"),
      after: fc.constantFrom(0, 1000, REFUSAL_WINDOW_MS),
    });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 300 }), (steps) => {
        const limiter = new RefusalLimiter();
        let [now, counted] = [0, 0];
        for (const { source, after } of steps) {
          now += after;
          const suppressed = limiter.admit(source, now);
          if (suppressed !== null) counted += 1 + suppressed;
        }
        expect(counted + limiter.takeAll()).toBe(steps.length);
      }),
    );
  });
});
