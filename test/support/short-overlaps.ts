import { setTimeout as sleep } from "node:timers/promises";
import type { StratumFixture } from "./use-stratum";

/**
 * Runs `work` while overlaps of signing keys end early: nobody waits for a minute.
 *
 * @param ms what is left of each
 */
export async function withShortOverlaps<T>(
  { rows }: Pick<StratumFixture, "rows">,
  ms: number,
  work: () => Promise<T>,
): Promise<T> {
  const running = { ended: false };
  const shortening = (async () => {
    while (!running.ended) {
      await rows(
        `with clock as (select extract(epoch from clock_timestamp()) * 1000 + $1::float8 as until)
         update stratum.operations set checkpoint = checkpoint || jsonb_build_object('until', clock.until)
         from clock where type = 'context_key_rotation' and state = 'running'
           and checkpoint->>'phase' = 'overlap' and (checkpoint->>'until')::float8 > clock.until`,
        [ms],
      );
      await sleep(20);
    }
  })();
  try {
    return await work();
  } finally {
    running.ended = true;
    await shortening;
  }
}
