import { Injectable } from "@nestjs/common";
import {
  StratumError,
  ValidationError,
  type DryRunPlan,
  type ErrorCode,
  type JsonObject,
  type PlannedRefusal,
} from "@stratum-hq/core";
import type { LocalApi } from "../api/local-api";
import { DryRun, misuse, runInDryRun, type Outcome } from "../context/dry-run";

const NOTHING: DryRunPlan = {
  changes: [],
  events: [],
  affected_tenants: { count: 0, sample: [] },
};

/** Refusals of who asks, of what they name and of how they put it: those are answered as the real call's are. */
const PASSING_STATUSES = [400, 401, 404];
const PASSING_CODES: readonly ErrorCode[] = ["FORBIDDEN", "SCOPE_ESCALATION"];

/** Tells what a mutation would do. */
@Injectable()
export class DryRunService implements Pick<LocalApi, "dryRun"> {
  async dryRun(work: () => unknown): Promise<DryRunPlan> {
    if (typeof (work as unknown) !== "function")
      throw new ValidationError("work", [{ path: "", message: "expected a function" }]);
    const dryRun = new DryRun();
    const failure = await failureOf(() => runInDryRun(dryRun, work));
    const outcome = await dryRun.close();
    if (failure !== null && failure.error !== refusalIn(outcome)) throw failure.error;
    if (outcome === null)
      throw misuse("expected a mutation in it, found none. Call the one to try, and await it");
    return planOf(outcome);
  }
}

/** What `work` fails with, be it undefined; null where it does not. */
async function failureOf(work: () => unknown): Promise<{ readonly error: unknown } | null> {
  try {
    await work();
    return null;
  } catch (error) {
    return { error };
  }
}

function refusalIn(outcome: Outcome | null): unknown {
  return outcome !== null && "error" in outcome ? outcome.error : null;
}

function planOf(outcome: Outcome): DryRunPlan {
  if ("recorded" in outcome) return outcome.recorded;
  const refused = "error" in outcome ? toRefusal(outcome.error) : refusalOfBatch(outcome.result);
  return refused === null ? NOTHING : { ...NOTHING, refused };
}

/** @throws the error, where it is none that a plan tells of */
function toRefusal(error: unknown): PlannedRefusal {
  if (!(error instanceof StratumError)) throw error;
  const { code, statusCode, message, details } = error;
  const passes =
    statusCode >= 500 || PASSING_STATUSES.includes(statusCode) || PASSING_CODES.includes(code);
  if (passes) throw error;
  return { code, message, details: details as JsonObject };
}

/** A batch of all or nothing tells in its result why there would be nothing: the first reason of several. */
function refusalOfBatch(result: unknown): PlannedRefusal | null {
  const { errors = [] } = (result ?? {}) as {
    readonly errors?: readonly { code: ErrorCode; error: string; index: number }[];
  };
  const [first] = errors;
  if (first === undefined) return null;
  return { code: first.code, message: first.error, details: { index: first.index } };
}
