import {
  ABAC_API,
  ABAC_EFFECTS,
  ABAC_OPERATORS,
  abacRequestSchema,
  createAbacPolicySchema,
  deleteAbacPolicySchema,
  PERMISSION_MODES,
  readOptionsSchema,
  type AbacApi,
  type AbacDecision,
  type AbacPolicy,
  type ResolvedAbacPolicy,
} from "@stratum-hq/core";
import { z } from "zod";
import { apiRoutes } from "../api/api-route";
import { id, json, named, source, times, version } from "../api/results";

const policy = z.strictObject({
  id,
  tenant_id: id,
  name: z.string(),
  resource_type: z.string(),
  action: z.string(),
  effect: z.enum(ABAC_EFFECTS),
  conditions: z.array(
    z.strictObject({ attribute: z.string(), operator: z.enum(ABAC_OPERATORS), value: json }),
  ),
  priority: z.int32(),
  mode: z.enum(PERMISSION_MODES),
  version,
  ...times,
});
const policySchema: z.ZodType<AbacPolicy> = policy;
const effective = policy.extend({ tenant_id: id.nullable() });

const resolvedSchema: z.ZodType<ResolvedAbacPolicy> = z.strictObject({
  policy: effective,
  ...source,
  delegated: z.boolean(),
});

const decisionSchema: z.ZodType<AbacDecision> = z.strictObject({
  allowed: z.boolean(),
  matched_policy: effective.nullable(),
  reason: z.enum(["explicit_deny", "explicit_allow", "no_matching_policy"]),
});

named("AbacPolicy", policy);
named("AbacDecision", decisionSchema);

export const ABAC_ROUTES = apiRoutes<AbacApi>({
  tag: "Attribute policies",
  methods: ABAC_API,
  routes: {
    createAbacPolicy: { body: createAbacPolicySchema, result: policySchema },
    getAbacPolicies: { result: policySchema },
    resolveAbacPolicies: { query: readOptionsSchema, result: resolvedSchema },
    evaluateAbac: { query: readOptionsSchema, body: abacRequestSchema, result: decisionSchema },
    deleteAbacPolicy: { query: deleteAbacPolicySchema },
  },
});
