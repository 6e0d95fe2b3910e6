import { Injectable } from "@nestjs/common";
import { OPERATION_COLUMNS, OPERATION_SOURCE } from "../operations/operation.store";
import type { OperationRow } from "../operations/operation-row";
import { Database } from "../persistence/database";
import type { Sql } from "../persistence/sql";
import type { Transaction } from "../persistence/transaction";
import type { TenantRow } from "../tenancy/tenant-row";
import { TENANT_COLUMNS } from "../tenancy/tenant.store";
import type { DatabaseTenant } from "./tenant-databases";

/** The statements of provisioning on schema stratum. */
@Injectable()
export class ProvisioningStore {
  constructor(private readonly database: Database) {}

  /** Lets a transaction wait for another server, whatever the host has set for its own. */
  async keepOpen(tx: Transaction): Promise<void> {
    await tx.query(
      `select set_config(name, '0', true) from pg_settings
       where name in ('idle_in_transaction_session_timeout', 'transaction_timeout')`,
    );
  }

  async lock(tx: Transaction, id: string): Promise<void> {
    await tx.query("select from stratum.tenants where id = $1 for no key update", [id]);
  }

  async activate(tx: Transaction, id: string): Promise<TenantRow> {
    const rows = await tx.query<TenantRow>(
      `update stratum.tenants set status = 'active', version = version + 1, updated_at = now()
       where id = $1 returning ${TENANT_COLUMNS.join(", ")}`,
      [id],
    );
    return rows[0] as TenantRow;
  }

  /** Those of some tenants that have databases of their own. */
  async withDatabases(sql: Sql, tenantIds: readonly string[]): Promise<DatabaseTenant[]> {
    return sql.query<DatabaseTenant>(
      `select id, region_id from stratum.tenants
       where id = any($1::uuid[]) and isolation_strategy = 'DB_PER_TENANT' order by id`,
      [tenantIds],
    );
  }

  /** The running operations that provision some tenants, parents before their children. */
  async running(tenantIds: readonly string[], sql: Sql = this.database): Promise<OperationRow[]> {
    return sql.query<OperationRow>(
      `select ${OPERATION_COLUMNS} from ${OPERATION_SOURCE}
       where o.tenant_id = any($1::uuid[]) and o.type = 'provision' and o.state = 'running'
       order by t.depth, o.id`,
      [tenantIds],
    );
  }
}
