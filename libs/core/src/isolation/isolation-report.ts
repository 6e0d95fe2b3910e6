import { z } from "zod";
import type { IsolationFinding } from "./isolation-proof.errors";

/** What a proof of isolation does: `attacks: false` looks at the catalogue alone. */
export const proofSchema = z.strictObject({ attacks: z.boolean().optional() });
export type ProofOptions = z.input<typeof proofSchema>;

/** Who the tenants' statements log in as, from the most it may to the least. */
export type LoginKind = "superuser" | "owner" | "member" | "hardened";

/** Something that somebody might expect of isolation, and whether it holds. */
export interface IsolationPromise {
  readonly against: "mistakes of the application" | "SQL injected into a tenant's statement";
  readonly holds: boolean;
  readonly because: string;
}

/** How an attack of one canary tenant on the other's rows ended. */
export interface Attack {
  /** `read`, `insert`, `upsert` and their like. */
  readonly attack: string;
  /** The table or view, as SQL names it. */
  readonly object: string;
  readonly outcome: "refused" | "leak" | "not attacked";
  /** What was seen, or why it was not tried. */
  readonly detail: string;
}

/** A finding, and where. */
export type PlacedFinding = IsolationFinding & { readonly place: string };
export type PlacedAttack = Attack & { readonly place: string };

/** A place that could not be looked at, and the error's code and message, which names the remedy. */
export interface UnprovenPlace {
  readonly place: string;
  readonly code: string;
  readonly problem: string;
}

export interface PlacementReport {
  readonly name: string;
  /** Tables of tenants' rows. */
  readonly tables: readonly string[];
  /** Tables with a column tenant_id that no tenant reaches. */
  readonly out_of_reach: readonly string[];
}

/** What was looked at, and what was found. */
export interface IsolationReport {
  /** Whether every place was looked at, no hole was found and no attack leaked. */
  readonly sound: boolean;
  readonly mode: "standard" | "hardened";
  /** The kind of login of tenants' statements: of several places', the one that may the most. */
  readonly login: LoginKind;
  readonly promises: readonly IsolationPromise[];
  /** Holes, each with the statement that mends it. */
  readonly findings: readonly PlacedFinding[];
  /** No holes, and worth knowing. */
  readonly warnings: readonly PlacedFinding[];
  readonly attacks: {
    /** How many were made and refused. */
    readonly refused: number;
    readonly leaks: readonly PlacedAttack[];
    /** What could not be tried, with the reason. */
    readonly not_attacked: readonly PlacedAttack[];
  };
  readonly placements: readonly PlacementReport[];
  /** Places of which nothing is known, since they could not be reached, or their login is none for tenants. */
  readonly unproven: readonly UnprovenPlace[];
}

/** What a refresh of reference tables came to. */
export interface ReferenceRefresh {
  /** Placements of single tenants that hold what the shared tables do. */
  readonly placements: number;
  /** Rows that were written or deleted in them. */
  readonly rows: number;
  /** Placements that it did not succeed in, and the first 100 of these. */
  readonly failures: number;
  readonly failed: readonly { tenant_id: string; code: string; message: string }[];
}
