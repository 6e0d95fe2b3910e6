/** ABAC policies. */
export * from "./limits";
export * from "./abac.errors";
export {
  ABAC_EFFECTS,
  ABAC_OPERATORS,
  abacConditionSchema,
  abacPatternSchema,
  abacRequestSchema,
  createAbacPolicySchema,
  deleteAbacPolicySchema,
  type AbacAttributes,
  type AbacCondition,
  type AbacEffect,
  type AbacOperator,
  type AbacPolicy,
  type AbacRequest,
  type CreateAbacPolicyInput,
  type DeleteAbacPolicyInput,
} from "./abac.schemas";
export { abacPolicyKey, compareAbacPolicies, type AbacPolicyIdentity } from "./abac-policy";
export {
  foldAbacPolicies,
  hideAbacSources,
  type AbacLevel,
  type EffectiveAbacPolicy,
  type ResolvedAbacPolicy,
} from "./abac-fold";
export {
  abacEvaluator,
  evaluateAbacPolicies,
  type AbacDecision,
  type AbacEvaluator,
  type AbacReason,
  type AbacRule,
} from "./evaluate";
export { ABAC_API, type AbacApi } from "./api";
