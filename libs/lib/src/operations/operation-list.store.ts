import { Injectable } from "@nestjs/common";
import {
  subtreeUpperBound,
  type OperationState,
  type OperationType,
  type TenantPath,
} from "@stratum-hq/core";
import { Database } from "../persistence/database";
import type { OperationRow } from "./operation-row";
import { OPERATION_COLUMNS, OPERATION_SOURCE } from "./operation.store";

/** Which operations a list has, all conditions together. */
interface OperationFilter {
  readonly tenant_id: string | undefined;
  readonly type: OperationType | undefined;
  readonly state: OperationState | undefined;
  /** Those of tenants at or below this path. */
  readonly within: TenantPath | undefined;
  /** Older than this one. */
  readonly before: string | null;
  readonly limit: number;
}

/** Lists of operations, newest first: ids begin with the time. */
@Injectable()
export class OperationListStore {
  constructor(private readonly database: Database) {}

  async list({ within, before, limit, ...equal }: OperationFilter): Promise<OperationRow[]> {
    const { operator } = this.database.ltree;
    const values: unknown[] = [limit, before];
    const bind = (value: unknown): string => `$${values.push(value)}`;
    const conditions = ["($2::uuid is null or o.id < $2)"];
    for (const [column, value] of Object.entries(equal))
      if (value !== undefined) conditions.push(`o.${column} = ${bind(value)}`);
    if (within !== undefined) {
      conditions.push(`t.path ${operator(">=")} ${bind(within)}
        and t.path ${operator("<")} ${bind(subtreeUpperBound(within))}`);
    }
    return this.database.query<OperationRow>(
      `select ${OPERATION_COLUMNS} from ${OPERATION_SOURCE}
       where ${conditions.join(" and ")} order by o.id desc limit $1`,
      values,
    );
  }
}
