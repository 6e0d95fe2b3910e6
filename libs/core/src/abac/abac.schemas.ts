import { z } from "zod";
import { isPlainObject, jsonProblem, jsonValueSchema, type JsonValue } from "../json/json-value";
import { printableText } from "../json/text";
import { PERMISSION_MODES, type PermissionMode } from "../permissions/permission.schemas";
import { expectedVersionSchema } from "../tenant/tenant.schemas";
import {
  ABAC_ATTRIBUTE_MAX_LENGTH,
  ABAC_CONDITIONS_MAX,
  ABAC_PATTERN_MAX_LENGTH,
  ABAC_POLICY_NAME_MAX_LENGTH,
} from "./limits";

export const ABAC_EFFECTS = ["allow", "deny"] as const;
export type AbacEffect = (typeof ABAC_EFFECTS)[number];

/** How a condition compares an attribute with its value. */
export const ABAC_OPERATORS = [
  "eq",
  "neq",
  "in",
  "not_in",
  "contains",
  "gt",
  "gte",
  "lt",
  "lte",
] as const;
export type AbacOperator = (typeof ABAC_OPERATORS)[number];

/** One comparison of an attribute of the request with a value. */
export interface AbacCondition {
  /** `subject.x`, `resource.x`, `environment.x`, or `x` to look in these in turn; dots go deeper. */
  readonly attribute: string;
  readonly operator: AbacOperator;
  readonly value: JsonValue;
}

/** Why an operator cannot compare with a value; null where it can. */
function operandProblem({ operator, value }: AbacCondition): string | null {
  switch (operator) {
    case "in":
    case "not_in":
      return Array.isArray(value) ? null : `${operator} takes an array`;
    case "gt":
    case "gte":
    case "lt":
    case "lte":
      return ["number", "string"].includes(typeof value)
        ? null
        : `${operator} takes a number or a string`;
    default:
      return null;
  }
}

/** Names joined by dots, none of them empty. */
const attribute = printableText(ABAC_ATTRIBUTE_MAX_LENGTH).refine(
  (name) => !name.split(".").includes(""),
  { error: "expected names joined by single dots" },
);

export const abacConditionSchema = z
  .strictObject({ attribute, operator: z.enum(ABAC_OPERATORS), value: jsonValueSchema })
  .superRefine((condition, context) => {
    const message = operandProblem(condition);
    if (message !== null) context.addIssue({ code: "custom", path: ["value"], message });
  });

const conditions = z
  .array(abacConditionSchema)
  .max(ABAC_CONDITIONS_MAX)
  .superRefine((all, context) => {
    const message = jsonProblem(all);
    if (message !== null) context.addIssue({ code: "custom", message });
  });

/** A name, the beginning of names (`invoice*`), or all of them (`*`). */
export const abacPatternSchema = z
  .string()
  .min(1)
  .max(ABAC_PATTERN_MAX_LENGTH)
  .regex(/^(?:[A-Za-z0-9._:-]+\*?|\*)$/, {
    error: "expected letters, digits and . _ : - only, * at the end for any rest",
  });

export const createAbacPolicySchema = z.strictObject({
  name: printableText(ABAC_POLICY_NAME_MAX_LENGTH),
  resource_type: abacPatternSchema,
  action: abacPatternSchema,
  effect: z.enum(ABAC_EFFECTS),
  /** All must hold; none at all always do. */
  conditions: conditions.default([]),
  /** Which policy an evaluation reports, of several that decide alike; it decides nothing itself. */
  priority: z.int32().default(0),
  mode: z.enum(PERMISSION_MODES).default("INHERITED"),
});
export type CreateAbacPolicyInput = z.input<typeof createAbacPolicySchema>;

export const deleteAbacPolicySchema = z.strictObject({
  expected_version: expectedVersionSchema.optional(),
});
export type DeleteAbacPolicyInput = z.input<typeof deleteAbacPolicySchema>;

/** A tenant's own policy. Times are ISO 8601 in UTC. */
export interface AbacPolicy {
  readonly id: string;
  readonly tenant_id: string;
  readonly name: string;
  readonly resource_type: string;
  readonly action: string;
  readonly effect: AbacEffect;
  readonly conditions: readonly AbacCondition[];
  readonly priority: number;
  readonly mode: PermissionMode;
  readonly version: number;
  readonly created_at: string;
  readonly updated_at: string;
}

/** What is known of the subject, the resource or the environment. */
export type AbacAttributes = Readonly<Record<string, unknown>>;

/** Whether `subject` may do `action` to `resource`, whose type is its attribute `type`. */
export interface AbacRequest {
  readonly subject: AbacAttributes;
  readonly resource: AbacAttributes;
  readonly action: string;
  readonly environment?: AbacAttributes | undefined;
}

// Evaluations are many and their attributes may be large: what conditions read of them is checked there.
const attributes = z.custom<AbacAttributes>(
  (value) => typeof value === "object" && value !== null && isPlainObject(value),
  { error: "expected a plain object" },
);

export const abacRequestSchema = z.strictObject({
  subject: attributes,
  resource: attributes,
  action: z.string().min(1).max(ABAC_PATTERN_MAX_LENGTH),
  environment: attributes.optional(),
});
