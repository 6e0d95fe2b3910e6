/** Isolation. */
export * from "./limits";
export * from "./isolation-proof.errors";
export * from "./isolation.errors";
export * from "./tenant-database.errors";
export * from "./context-key.schemas";
export * from "./isolation.schemas";
export { ISOLATION_API, type IsolationApi } from "./api";
export {
  proofSchema,
  type Attack,
  type IsolationPromise,
  type IsolationReport,
  type LoginKind,
  type PlacedAttack,
  type PlacedFinding,
  type PlacementReport,
  type ProofOptions,
  type ReferenceRefresh,
  type UnprovenPlace,
} from "./isolation-report";
