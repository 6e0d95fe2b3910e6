export * from "@stratum-hq/core";
export { runAs, type Actor } from "./context/caller";
export { RequireScope } from "./context/require-scope.decorator";
export type { TenantContext } from "./context/tenant-context";
export type { ResolvedTenantContext } from "./context/tenant-context.service";
export type { ReadOptions } from "./context/read-options";
export {
  enableRls,
  proveIsolation,
  runScopedJob,
  TenantClient,
  TenantPool,
  withTenantContext,
  type EnabledRls,
  type EnableRlsOptions,
  type IsolationReport,
  type Place,
  type TenantTableDeclaration,
  type TenantQuery,
  type TransactionOptions,
} from "@stratum-hq/db-adapters";
export { FileKeyProvider } from "./crypto/file-key-provider";
export type { KeyContext, KeyProvider, WrappedKey } from "./crypto/key-provider";
export { MasterKeyring } from "./crypto/master-keyring";
export { OPERATIONS, type Effect, type Operations } from "./operations";
export type { ProofOptions } from "./isolation/isolation-proof.service";
export { migrate } from "./persistence/migrator";
export { RequirePermission } from "./permissions/require-permission.decorator";
export { Stratum } from "./stratum";
export { StratumModule } from "./stratum.module";
export type { StratumOptions } from "./stratum-options";
