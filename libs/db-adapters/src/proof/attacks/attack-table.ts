import type { TenantPool } from "../../pg/tenant-pool";
import { Unfillable } from "./canary-row";
import { CanaryRows } from "./canary-rows";
import { codeOf, isRefusal, notAttacked, type Outcome } from "./outcome";
import type { Attack } from "@stratum-hq/core";
import { copiesOut, readsFrom, readsWithoutContext, truncates } from "./read-attacks";
import type { Scene } from "./scene";
import { onStage, type Canary, type Stage } from "./stage";
import type { Target } from "./target";
import { refersTo, WRITES } from "./write-attacks";

/** Two canaries: the first one's rows are attacked by the second. */
export type Pair = readonly [victim: Canary, attacker: Canary];

/**
 * Attacks a table as one canary against the other, in one transaction that is rolled back. Where no row of
 * theirs can be made, it is read all the same, for rows of others.
 */
export async function attackTable(
  pool: TenantPool,
  targets: ReadonlyMap<string, Target>,
  target: Target,
  [victim, attacker]: Pair,
): Promise<readonly Attack[]> {
  return onStage(pool, victim, async (stage) => {
    const made: Attack[] = [];
    const note = (attack: string, object: string, outcome: Outcome): void =>
      void made.push({ attack, object, ...outcome });
    const rows = {
      own: new CanaryRows(stage, attacker, targets),
      foreign: new CanaryRows(stage, victim, targets),
    };
    const filled = await fill(stage, target, [victim, attacker], rows);
    await stage.become(attacker);
    const seen = { stage, target, attacker };
    for (const relation of [target.name, ...target.seen_through]) {
      note("read", relation, await readsFrom(seen, relation));
    }
    note("read without a context", target.name, await readsWithoutContext(seen));
    note("truncate", target.name, await truncates(seen));
    if ("reason" in filled) {
      note("write", target.name, notAttacked(filled.reason));
      return made;
    }
    const scene: Scene = { ...seen, victim, ...filled };
    note("copy out", target.name, await copiesOut(scene));
    for (const [attack, write] of Object.entries(WRITES))
      note(attack, target.name, await write(scene));
    for (const key of target.foreign_keys) {
      const referred = rows.foreign.of(key.refers_to);
      if (referred === undefined) continue;
      note("foreign key", `${key.name} on ${target.name}`, await refersTo(scene, referred, key));
    }
    return made;
  });
}

type Filled = Pick<Scene, "own" | "foreign"> | { readonly reason: string };

/** A row of each canary's, which is each one's own work. */
async function fill(
  stage: Stage,
  { name }: Target,
  [victim, attacker]: Pair,
  rows: { readonly own: CanaryRows; readonly foreign: CanaryRows },
): Promise<Filled> {
  try {
    await stage.become(victim);
    const foreign = await rows.foreign.fill(name);
    await stage.become(attacker);
    return { own: await rows.own.fill(name), foreign };
  } catch (error) {
    if (error instanceof Unfillable) return { reason: error.message };
    if (isRefusal(error)) return { reason: `a tenant may not write it: SQLSTATE ${codeOf(error)}` };
    throw error;
  }
}
