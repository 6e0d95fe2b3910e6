import {
  StratumError,
  type Attack,
  type IsolationFinding,
  type IsolationReport,
  type LoginKind,
  type PlacedAttack,
  type PlacedFinding,
  type PlacementReport,
  type UnprovenPlace,
} from "@stratum-hq/core";
import type { ContextKey } from "../context/context-key";
import type { TenantConnections } from "../placement/placement";
import { attackPlace } from "./attacks/attack-place";
import { kindOf } from "./login";
import { promisesOf } from "./promises";
import { surveyPlace, type Survey } from "./survey";

/** A database in which tenants' tables are. */
export interface Place {
  /** What the report calls it. */
  readonly name: string;
  /** Connections of the login that tenants' statements go through. */
  readonly connections: TenantConnections;
  /** The schemas whose tables are attacked; left out, all. The catalogue is looked at as a whole. */
  readonly schemas?: readonly string[];
}

export interface ProveIsolationOptions {
  /** Every database in which tenants' tables are; each is done with before the next one is asked for. */
  readonly places: Iterable<Place> | AsyncIterable<Place>;
  /** Signs the contexts of the canaries. */
  readonly key: ContextKey;
  /** Whether the login is for tenants alone, and what it may more than a tenant is a hole. */
  readonly hardened: boolean;
  /** Whether holes are looked for by attacks too; default true. */
  readonly attacks?: boolean;
  readonly preparedStatements?: "auto" | "off";
}

/** From the login that may the most to the one that may the least. */
const KINDS: readonly LoginKind[] = ["superuser", "owner", "member", "hardened"];

/** What is gathered, place by place. */
class Gathered {
  readonly findings: PlacedFinding[] = [];
  readonly warnings: PlacedFinding[] = [];
  readonly attacks = {
    refused: 0,
    leaks: [] as PlacedAttack[],
    not_attacked: [] as PlacedAttack[],
  };
  readonly placements: PlacementReport[] = [];
  readonly unproven: UnprovenPlace[] = [];
  login: LoginKind = "hardened";

  survey(place: Place, survey: Survey): void {
    const placed = (finding: IsolationFinding) => ({ place: place.name, ...finding });
    this.findings.push(...survey.findings.map(placed));
    this.warnings.push(...survey.warnings.map(placed));
    this.placements.push(reportOf(place, survey));
    const kind = kindOf(survey.login, survey.is_hardened);
    if (KINDS.indexOf(kind) < KINDS.indexOf(this.login)) this.login = kind;
  }

  attack({ name }: Place, attack: Attack): void {
    if (attack.outcome === "refused") this.attacks.refused += 1;
    else
      this.attacks[attack.outcome === "leak" ? "leaks" : "not_attacked"].push({
        place: name,
        ...attack,
      });
  }

  get sound(): boolean {
    return [this.findings, this.attacks.leaks, this.unproven].every(({ length }) => length === 0);
  }
}

/**
 * Proves that no tenant reaches another's rows, or shows where one does: by the catalogue of every place, and
 * by attacks of two canary tenants on each other's rows, which are made in transactions that are rolled back.
 * No row of the host's is read out or changed; sequences and what a trigger does outside of the database are
 * not undone. A place that refuses with a StratumError is told as unproven, and the next one has its turn.
 */
export async function proveIsolation(options: ProveIsolationOptions): Promise<IsolationReport> {
  const gathered = new Gathered();
  for await (const place of options.places) {
    try {
      await provePlace(place, options, gathered);
    } catch (error) {
      if (!(error instanceof StratumError)) throw error;
      gathered.unproven.push({ place: place.name, code: error.code, problem: error.message });
    }
  }
  const { sound, login, findings, warnings, attacks, placements, unproven } = gathered;
  const mode = options.hardened ? "hardened" : "standard";
  const promises = promisesOf(login, sound);
  return { sound, mode, login, promises, findings, warnings, attacks, placements, unproven };
}

async function provePlace(
  place: Place,
  options: ProveIsolationOptions,
  gathered: Gathered,
): Promise<void> {
  const survey = await surveyPlace(place, options.hardened);
  gathered.survey(place, survey);
  if (options.attacks === false) return;
  for await (const attack of attackPlace(fieldOf(place, survey, options))) {
    gathered.attack(place, attack);
  }
}

function reportOf({ name }: Place, { tables }: Survey): PlacementReport {
  const named = (holds: string): string[] =>
    tables.filter((table) => table.holds === holds).map((table) => table.name);
  return { name, tables: named("tenants"), out_of_reach: named("not reached") };
}

function fieldOf(
  { connections, schemas }: Place,
  { tables, targets, injection, is_hardened }: Survey,
  { key, hardened, preparedStatements = "auto" }: ProveIsolationOptions,
): Parameters<typeof attackPlace>[0] {
  const attacked = tables.flatMap(({ name, schema, holds }) => {
    const target = targets.get(name);
    const wanted = holds === "tenants" || holds === "reached";
    if (target === undefined || !wanted || schemas?.includes(schema) === false) return [];
    return [{ schema, target }];
  });
  return {
    connections,
    key,
    preparedStatements,
    inherits: hardened,
    tables: attacked,
    injection: hardened || is_hardened ? injection : null,
  };
}
