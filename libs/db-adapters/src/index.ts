export { ContextKey, type ContextKeyCopy } from "./context/context-key";
export { ContextSigner, type ContextScope } from "./context/context-signer";
export { LocalTenantScope, type TenantScope } from "./context/tenant-scope";
export { ConnectionBudget, type ConnectionBudgetOptions } from "./database/connection-budget";
export type { DatabaseTarget } from "./database/database-target";
export { clientOf, loginOf, optionsOf, type Login } from "./database/server-login";
export type {
  IdleConnection,
  Placement,
  PlacementOf,
  TenantConnections,
} from "./placement/placement";
export { refuseNested } from "./placement/holding";
export { lendClient, surviveThisTurn } from "./placement/lend-client";
export { outlive } from "./placement/outlive";
export { COLUMN_TYPES, ownRows } from "./pg/column-types";
export { TenantClient } from "./pg/tenant-client";
export {
  runScopedJob,
  TenantPool,
  withTenantContext,
  type TenantPoolOptions,
} from "./pg/tenant-pool";
export type { TenantQuery } from "./pg/tenant-query";
export type { TransactionOptions } from "./pg/transaction-options";
export { enableRls, type EnabledRls, type EnableRlsOptions } from "./rls/enable-rls";
export { inTransaction } from "./rls/in-transaction";
export { bindToTenant } from "./tables/bind-to-tenant";
export { copyReferences, type CopyRoute } from "./tables/copy-references";
export { DeclaredTables } from "./tables/declared-tables";
export { sendReferences } from "./tables/send-references";
export type { TenantTableDeclaration } from "./tables/table-declaration";
export { lackingTables } from "./tables/table-state";
export type { TenantTables } from "./tables/tenant-tables";
export { requireHardened } from "./hardening/require-hardened";
export { proveIsolation, type Place, type ProveIsolationOptions } from "./proof/prove-isolation";
export type {
  Attack,
  IsolationPromise,
  IsolationReport,
  LoginKind,
  PlacedAttack,
  PlacedFinding,
  PlacementReport,
  UnprovenPlace,
} from "@stratum-hq/core";
export { requireSound } from "./proof/require-sound";
