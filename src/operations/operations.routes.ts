import {
  ACTOR_TYPES,
  listOperationsSchema,
  OPERATION_STATES,
  OPERATION_TYPES,
  OPERATIONS_API,
  type Operation,
  type OperationsApi,
} from "@stratum-hq/core";
import { z } from "zod";
import { apiRoutes } from "../api/api-route";
import { count, id, json, jsonObject, named, time, times, version } from "../api/results";

const operationSchema: z.ZodType<Operation> = z.strictObject({
  id,
  type: z.enum(OPERATION_TYPES),
  tenant_id: id.nullable(),
  state: z.enum(OPERATION_STATES),
  progress: z.object({ done: count, total: count.nullable() }).catchall(json),
  cancel_requested: z.boolean(),
  cancellable: z.boolean(),
  resumable: z.boolean(),
  error: z.strictObject({ code: z.string(), message: z.string() }).nullable(),
  result: jsonObject.nullable(),
  actor_id: z.string(),
  actor_type: z.enum(ACTOR_TYPES),
  attempts: count,
  version,
  heartbeat_at: time,
  ...times,
  finished_at: time.nullable(),
});

named("Operation", operationSchema);

export const OPERATIONS_ROUTES = apiRoutes<OperationsApi>({
  tag: "Operations",
  methods: OPERATIONS_API,
  routes: {
    getOperation: { result: operationSchema },
    listOperations: { query: listOperationsSchema, result: operationSchema },
    cancelOperation: { result: operationSchema },
    resumeOperation: { result: operationSchema },
  },
});
