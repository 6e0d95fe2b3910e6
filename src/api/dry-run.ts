import {
  DRY_RUN_CHANGES_LISTED,
  DRY_RUN_TENANTS_LISTED,
  type ApiMethod,
  type DryRunPlan,
  type ErrorCode,
} from "@stratum-hq/core";
import type { Stratum } from "@stratum-hq/lib";
import { z } from "zod";
import { answerOf } from "./answer";
import type { ApiRoute } from "./api-route";
import { count, id, json, jsonObject, named } from "./results";

const PARAMETER = z.boolean().optional();

const NONE = z.strictObject({});

/** What a plan is over HTTP. */
export const dryRunPlanSchema: z.ZodType<DryRunPlan> = named(
  "DryRunPlan",
  z.strictObject({
    changes: z
      .array(
        z.strictObject({
          action: z.string(),
          resource_type: z.string(),
          resource_id: z.string().nullable(),
          tenant_id: id.nullable(),
          before: json,
          after: json,
        }),
      )
      .max(DRY_RUN_CHANGES_LISTED),
    events: z
      .array(z.strictObject({ type: z.string(), tenant_id: id.nullable(), data: jsonObject }))
      .max(DRY_RUN_CHANGES_LISTED),
    affected_tenants: z.strictObject({
      count,
      sample: z
        .array(z.strictObject({ id, name: z.string(), slug: z.string() }))
        .max(DRY_RUN_TENANTS_LISTED),
    }),
    omitted: z.strictObject({ changes: count, events: count }).optional(),
    refused: z
      .strictObject({
        code: z.string() as unknown as z.ZodType<ErrorCode>,
        message: z.string(),
        details: jsonObject,
      })
      .optional(),
  }),
);

/** Whether a route can tell what it would do: every one that changes something. */
export function canDryRun(method: ApiMethod): boolean {
  return method.effect === "mutator";
}

/** The parameters of a route's URL. */
export function queryOf(method: ApiMethod, { query }: ApiRoute): z.ZodObject | undefined {
  return canDryRun(method) ? (query ?? NONE).extend({ dry_run: PARAMETER }) : query;
}

/**
 * What a call would do.
 *
 * @throws StratumError where the method would find nothing, and HTTP has an error for that
 */
export async function planOf(
  stratum: Stratum,
  method: ApiMethod,
  call: () => Promise<unknown>,
): Promise<DryRunPlan> {
  let result: unknown;
  const plan = await stratum.dryRun(async () => (result = await call()));
  // It has one where it would change nothing.
  if (result !== undefined) answerOf(method, result);
  return plan;
}
