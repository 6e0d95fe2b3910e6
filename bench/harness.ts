import type { Stratum } from "@stratum-hq/lib";
import { Client, type Pool } from "pg";

/** What a workload runs on: a database of its own, migrated. */
export interface BenchContext {
  readonly pool: Pool;
  readonly stratum: Stratum;
}

/** One side of a comparison: each call is one measured unit of work. */
export type Work = () => Promise<unknown>;

/** Ours against a baseline, interleaved in the same run. */
export interface Comparison {
  readonly ours: Work;
  readonly baseline: Work;
  /** Undoes what a pair of calls changed; not measured. */
  readonly reset?: Work;
  /** Calls to measure as one, where a single one is too short for the clock. */
  readonly batch?: number;
  /** Pairs to measure. */
  readonly pairs: number;
  /** Units of work in one call, for the figures per unit. */
  readonly units?: number;
  /** What else was measured, in a sentence. */
  readonly note?: string;
}

export interface Workload {
  readonly name: string;
  /** What is compared with what. */
  readonly title: string;
  /**
   * `time`: ours may take at most `bound` times the baseline's; `speedup`: the baseline takes at least
   * `bound` times ours; `throughput`: ours does at least `bound` of the baseline's work per second.
   */
  readonly kind: "time" | "speedup" | "throughput";
  /** Left out where the baseline only stands beside ours, for which `oursBelow` is the limit. */
  readonly bound?: number;
  /** An absolute limit on ours, in microseconds. */
  readonly oursBelow?: number;
  prepare(context: BenchContext): Promise<Comparison>;
}

/** The outcome of a workload; times are medians of one unit of work in microseconds. */
export interface Result {
  readonly workload: string;
  readonly title: string;
  readonly ours: number;
  readonly baseline: number;
  readonly ratio: number;
  readonly bound: number | null;
  /** The bound as a sentence of its kind. */
  readonly wanted: string;
  readonly met: boolean;
  /** Statements that one unit of ours sends, transaction control included. */
  readonly round_trips: number;
  readonly note: string | null;
}

async function timed(work: Work, batch: number): Promise<number> {
  const started = process.hrtime.bigint();
  for (let n = 0; n < batch; n += 1) await work();
  return Number(process.hrtime.bigint() - started) / 1000 / batch;
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}

/** Counts what one call sends over the wire. */
async function roundTrips(work: Work): Promise<number> {
  const prototype = Client.prototype as unknown as { query: (...args: unknown[]) => unknown };
  const { query } = prototype;
  let count = 0;
  prototype.query = function (...args: unknown[]) {
    count += 1;
    return query.apply(this, args);
  };
  try {
    await work();
  } finally {
    prototype.query = query;
  }
  return count;
}

function judge(workload: Workload, ours: number, baseline: number) {
  const { kind, oursBelow } = workload;
  const bound = workload.bound ?? null;
  const lessIsBetter = kind === "time";
  const ratio = lessIsBetter ? ours / baseline : baseline / ours;
  const within = bound === null || (lessIsBetter ? ratio <= bound : ratio >= bound);
  const wanted = [
    ...(bound === null ? [] : [`${lessIsBetter ? "<=" : ">="} ${bound}`]),
    ...(oursBelow === undefined ? [] : [`below ${oursBelow} us`]),
  ];
  const met = within && (oursBelow === undefined || ours < oursBelow);
  return { ratio, met, bound, wanted: wanted.join(", ") };
}

/** Measures pairs in turn, each side first every other time, and compares the medians. */
export async function measure(workload: Workload, context: BenchContext): Promise<Result> {
  const comparison = await workload.prepare(context);
  const { ours, baseline, reset = () => Promise.resolve(), batch = 1, units = 1 } = comparison;
  // Long enough for the compiler and the statements' plans to settle, on both sides.
  const warmups = Math.max(2, Math.ceil(comparison.pairs / 5));
  for (let warmup = 0; warmup < warmups; warmup += 1) {
    await timed(ours, batch);
    await reset();
    await timed(baseline, batch);
    await reset();
  }
  const times: { ours: number[]; baseline: number[] } = { ours: [], baseline: [] };
  for (let pair = 0; pair < comparison.pairs; pair += 1) {
    for (const side of pair % 2 === 0
      ? (["ours", "baseline"] as const)
      : (["baseline", "ours"] as const)) {
      times[side].push((await timed(comparison[side], batch)) / units);
      await reset();
    }
  }
  const [oursMedian, baselineMedian] = [median(times.ours), median(times.baseline)];
  return {
    workload: workload.name,
    title: workload.title,
    ours: oursMedian,
    baseline: baselineMedian,
    ...judge(workload, oursMedian, baselineMedian),
    round_trips: (await roundTrips(ours)) / units,
    note: comparison.note ?? null,
  };
}
