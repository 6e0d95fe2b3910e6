import { Injectable } from "@nestjs/common";
import {
  isWithin,
  listOperationsSchema,
  OperationNotFoundError,
  tenantIdSchema,
  validate,
  type ListOperationsInput,
  type Operation,
  type Page,
  type TenantPath,
  type OperationsApi,
} from "@stratum-hq/core";
import { currentCaller, type Caller } from "../context/caller";
import { requireVisible } from "../tenancy/access";
import { decodeCursor, pageOf } from "../tenancy/page-cursor";
import { TenantStore } from "../tenancy/tenant.store";
import { OperationListStore } from "./operation-list.store";
import { toOperation, type OperationRow } from "./operation-row";
import { OperationStore } from "./operation.store";

/** Reads about long operations. */
@Injectable()
export class OperationReadService implements Pick<
  OperationsApi,
  "getOperation" | "listOperations"
> {
  constructor(
    private readonly store: OperationStore,
    private readonly lists: OperationListStore,
    private readonly tenants: TenantStore,
  ) {}

  async getOperation(id: string): Promise<Operation> {
    const operationId = validate(tenantIdSchema, id, "id");
    const row = await this.store.find(operationId);
    return toOperation(requireSeen(row, operationId, currentCaller()));
  }

  async listOperations(query: ListOperationsInput = {}): Promise<Page<Operation>> {
    const { cursor, limit, tenant_id, type, state } = validate(
      listOperationsSchema,
      query,
      "query",
    );
    const caller = currentCaller();
    if (tenant_id !== undefined) await this.pathOf(tenant_id, caller);
    const bound = tenant_id === undefined ? caller.bound_to : null;
    const rows = await this.lists.list({
      tenant_id,
      type,
      state,
      within: bound === null ? undefined : await this.pathOf(bound, caller),
      before: decodeCursor(tenantIdSchema, cursor),
      limit: limit + 1,
    });
    const page = pageOf(rows, limit, ({ id }) => id);
    return { ...page, data: page.data.map(toOperation) };
  }

  private async pathOf(tenantId: string, caller: Caller): Promise<TenantPath> {
    const row = await this.tenants.findById(tenantId);
    return requireVisible(row, caller, { tenant_id: tenantId }).path;
  }
}

/** The operation, if the caller may see it; another's is answered as an unknown one. */
export function requireSeen<Row extends OperationRow>(
  row: Row | undefined,
  id: string,
  { bound_to }: Caller,
): Row {
  const seen =
    row !== undefined && (bound_to === null || (row.path !== null && isWithin(row.path, bound_to)));
  if (!seen) throw new OperationNotFoundError(id);
  return row;
}
