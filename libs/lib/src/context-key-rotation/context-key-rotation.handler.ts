import { Injectable } from "@nestjs/common";
import { ContextKeySecrets } from "../context-keys/context-key-secrets";
import type { OperationHandler, OperationStep, StepOutcome } from "../operations/operation-handler";
import { OperationRunner } from "../operations/operation-runner";
import { MutationLog } from "../persistence/mutation-log";
import type { ContextKeyRotationOutcome } from "./context-key-rotation.service";
import { ContextKeyRotationStore } from "./context-key-rotation.store";
import { KeyRollout } from "./key-rollout";
import {
  FIRST_CHECKPOINT,
  FIRST_WALK,
  type RotationCheckpoint,
  type RotationParams,
} from "./rotation-checkpoint";
import type { WalkOutcome } from "./walk-progress";

/** What each rotation does beside going to tenants' databases, twice: key, switch, overlap and retirement. */
const OWN_STEPS = 4;
/** Milliseconds that pass between two steps of the overlap, at most: in each, it may be seen to be alive. */
const OVERLAP_STEP_MS = 1000;

/** Replaces the signing key, one phase after the other. */
@Injectable()
export class ContextKeyRotationHandler implements OperationHandler {
  readonly type = "context_key_rotation";

  constructor(
    runner: OperationRunner,
    private readonly secrets: ContextKeySecrets,
    private readonly rollout: KeyRollout,
    private readonly store: ContextKeyRotationStore,
    private readonly log: MutationLog,
  ) {
    runner.register(this);
  }

  async prepare(): Promise<void> {
    await this.secrets.findOrCreate();
  }

  async step(step: OperationStep): Promise<StepOutcome> {
    const at: RotationCheckpoint = { ...FIRST_CHECKPOINT, ...step.operation.checkpoint };
    switch (at.phase) {
      case "make":
        return this.make(step, at);
      case "install":
        return this.install(step, at);
      case "switch":
        return this.switch(step, at);
      case "overlap":
        return this.overlap(step, at);
      case "retire":
        await this.rollout.retire(step.tx, at.from);
        return went(step, { ...at, phase: "clean", walk: FIRST_WALK });
      case "clean":
        return this.clean(step, at);
      default:
        return at.phase satisfies never;
    }
  }

  private async make(step: OperationStep, at: RotationCheckpoint): Promise<StepOutcome> {
    const { from, to } = await this.rollout.prepare(step.tx);
    const total = OWN_STEPS + 2 * (await this.rollout.count(step.tx));
    const outcome = went(step, { ...at, from, to, phase: "install" });
    return { ...outcome, progress: { done: 1, total } };
  }

  private async install(step: OperationStep, at: RotationCheckpoint): Promise<StepOutcome> {
    const outcome = await this.rollout.install(step.tx, at.from, at.walk);
    if (outcome === null || outcome.ended) return went(step, { ...at, phase: "switch" }, 0);
    return walked(step, at, outcome);
  }

  /** The moment of the rotation, on record; nothing where another rotation has replaced the key already. */
  private async switch(step: OperationStep, at: RotationCheckpoint): Promise<StepOutcome> {
    const { tx, caller, operation } = step;
    const { from, to } = at;
    if (await this.rollout.switch(tx, from)) {
      const change = {
        ...{ action: "context_key.rotated", resource_type: "context_key", resource_id: to },
        ...{ tenant_id: null, before: { key_id: from }, after: { key_id: to } },
        metadata: { operation: operation.id },
      };
      const data = { key_id: to, replaced_key_id: from };
      const event = { type: "context_key.rotated", tenant_id: null, data };
      await this.log.record(tx, caller, [change], [event]);
    }
    return { ...went(step, { ...at, phase: "overlap" }), cancellable: false };
  }

  /** It begins when the switch is there for all to see. */
  private async overlap(step: OperationStep, at: RotationCheckpoint): Promise<StepOutcome> {
    const now = await this.store.now(step.tx);
    const { overlap_seconds } = step.operation.params as RotationParams;
    const until = at.until === 0 ? now + overlap_seconds * 1000 : at.until;
    if (now >= until) return went(step, { ...at, phase: "retire" });
    const wait = Math.min(until - now, OVERLAP_STEP_MS);
    return { ...went(step, { ...at, until }, 0), wait };
  }

  private async clean(step: OperationStep, at: RotationCheckpoint): Promise<StepOutcome> {
    const outcome = await this.rollout.clean(step.tx, at.walk);
    if (!outcome.ended) return walked(step, at, outcome);
    const { reached, missed, listed } = outcome.walk;
    const result: ContextKeyRotationOutcome = {
      ...{ key_id: at.to, retired_key_id: at.from, databases: reached },
      ...{ unreached_count: missed, unreached: listed },
    };
    const { done } = step.operation.progress;
    return { progress: { done, total: done }, result };
  }
}

/** A step that got on by so much. */
function went(
  { operation: { progress } }: OperationStep,
  checkpoint: RotationCheckpoint,
  by = 1,
): StepOutcome {
  return { progress: { ...progress, done: progress.done + by }, checkpoint };
}

/** One that went to databases; those that are tried again are counted once. */
function walked(
  step: OperationStep,
  at: RotationCheckpoint,
  { walk, wait }: WalkOutcome,
): StepOutcome {
  const met = walk.pass > 1 ? 0 : walk.reached + walk.missed - at.walk.reached - at.walk.missed;
  const outcome = went(step, { ...at, walk }, met);
  return wait === undefined ? outcome : { ...outcome, wait };
}
