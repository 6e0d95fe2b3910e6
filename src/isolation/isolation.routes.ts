import {
  ISOLATION_API,
  proofSchema,
  rotateContextKeySchema,
  tenantSchema,
  type ContextKeyRotationResult,
  type IsolationApi,
  type IsolationReport,
  type ReferenceRefresh,
} from "@stratum-hq/core";
import { z } from "zod";
import { apiRoutes } from "../api/api-route";
import { count, id } from "../api/results";

const failed = { tenant_id: id, code: z.string() } as const;

const rotationSchema: z.ZodType<ContextKeyRotationResult> = z.strictObject({
  operation_id: id,
  key_id: z.string(),
  retired_key_id: z.string(),
  databases: count,
  unreached_count: count,
  unreached: z.array(z.strictObject(failed)),
});

const refreshSchema: z.ZodType<ReferenceRefresh> = z.strictObject({
  placements: count,
  rows: count,
  failures: count,
  failed: z.array(z.strictObject({ ...failed, message: z.string() })),
});

const text = z.string();
const finding = z.strictObject({
  check: text,
  object: text,
  problem: text,
  statement: text,
  place: text,
});
const attack = z.strictObject({
  attack: text,
  object: text,
  outcome: z.enum(["refused", "leak", "not attacked"]),
  detail: text,
  place: text,
});

const reportSchema: z.ZodType<IsolationReport> = z.strictObject({
  sound: z.boolean(),
  mode: z.enum(["standard", "hardened"]),
  login: z.enum(["superuser", "owner", "member", "hardened"]),
  promises: z.array(
    z.strictObject({
      against: z.enum(["mistakes of the application", "SQL injected into a tenant's statement"]),
      holds: z.boolean(),
      because: text,
    }),
  ),
  findings: z.array(finding),
  warnings: z.array(finding),
  attacks: z.strictObject({
    refused: count,
    leaks: z.array(attack),
    not_attacked: z.array(attack),
  }),
  placements: z.array(
    z.strictObject({ name: text, tables: z.array(text), out_of_reach: z.array(text) }),
  ),
  unproven: z.array(z.strictObject({ place: text, code: text, problem: text })),
});

export const ISOLATION_ROUTES = apiRoutes<IsolationApi>({
  tag: "Isolation",
  methods: ISOLATION_API,
  routes: {
    rotateContextKey: { body: rotateContextKeySchema, result: rotationSchema },
    refreshReferenceTables: { result: refreshSchema },
    provisionTenant: { result: tenantSchema },
    proveIsolation: { body: proofSchema, result: reportSchema },
  },
});
