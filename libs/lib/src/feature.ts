import type { Type } from "@nestjs/common";
import type { ApiToken } from "./api-token";
import type { Services } from "./api/services";
import type { SealedColumn } from "./crypto/sealed-column";
import type { ControlTable } from "./persistence/control-table";
import type { ConstraintErrors } from "./persistence/constraint-errors";
import type { EventTypes } from "./persistence/event-types";

/**
 * What a feature adds to the library. Each folder declares its own in `<feature>.feature.ts`, and
 * `features.ts` lists them; nothing else has to know that the feature exists.
 */
export interface Feature {
  /** Nest modules whose services the facade calls. */
  readonly modules?: readonly Type[];
  /** What applications inject the feature's part of the API by. */
  readonly apis?: readonly ApiToken<unknown>[];
  /** The service that has each method of the facade which the feature adds. */
  readonly services?: Partial<Services>;
  /** TypeORM's mapping of the feature's tables in schema `stratum`. */
  readonly entities?: readonly Type[];
  /** The error that a caller gets for each constraint of those tables. */
  readonly constraintErrors?: ConstraintErrors;
  /** The tables among them that hold rows of tenants: what an export has of these, and how a purge erases them. */
  readonly controlTables?: readonly ControlTable[];
  /** Columns that hold ciphertexts, which a key rotation encrypts anew. */
  readonly sealedColumns?: readonly SealedColumn[];
  /** The events that the feature records, and what each makes caches forget. */
  readonly events?: EventTypes;
}

/** Checks a feature's declaration, and keeps its exact type. */
export function defineFeature<Declared extends Feature>(feature: Declared): Declared {
  return feature;
}
