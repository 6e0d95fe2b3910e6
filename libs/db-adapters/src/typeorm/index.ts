export { type TenantClients } from "./tenant-connection";
export {
  TenantDataSource,
  tenantClientOf,
  type TenantDataSourceOptions,
} from "./tenant-data-source";
export { TenantIdColumn } from "./tenant-id-column";
export { TenantQueryRunner } from "./tenant-query-runner";
export { EntityTables } from "./entity-tables";
