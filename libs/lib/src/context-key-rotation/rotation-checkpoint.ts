import type { JsonObject } from "@stratum-hq/core";

/** What a rotation does, in this order; each but the switch may be done again. */
export type RotationPhase = "make" | "install" | "switch" | "overlap" | "retire" | "clean";

/** A walk through tenants' databases, which begins anew for those that could not be reached. */
export interface Walk extends JsonObject {
  readonly pass: number;
  /** The tenant after which it goes on; "" for the first. */
  readonly after: string;
  readonly reached: number;
  /** How many could not be. */
  readonly missed: number;
  /** Databases in a row that were out of reach, by their servers. */
  readonly failing: Readonly<Record<string, number>>;
  /** The first of those that could not be reached. */
  readonly listed: { readonly tenant_id: string; readonly code: string }[];
}

/** Where a rotation goes on. */
export interface RotationCheckpoint extends JsonObject {
  readonly phase: RotationPhase;
  /** Ids of the key that is replaced, and of its successor; "" until they are known. */
  readonly from: string;
  readonly to: string;
  readonly walk: Walk;
  /** When the overlap ends, by the database's clock, in milliseconds since 1970; 0 until it has begun. */
  readonly until: number;
}

export const FIRST_WALK: Walk = {
  pass: 1,
  after: "",
  reached: 0,
  missed: 0,
  failing: {},
  listed: [],
};

export const FIRST_CHECKPOINT: RotationCheckpoint = {
  phase: "make",
  from: "",
  to: "",
  walk: FIRST_WALK,
  until: 0,
};

/** What a rotation was asked for. */
export interface RotationParams extends JsonObject {
  readonly overlap_seconds: number;
}
