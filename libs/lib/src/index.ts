export * from "@stratum-hq/core";
export { runAs, type Actor } from "./context/caller";
export type { TenantContext } from "./context/tenant-context";
export type { ReadOptions } from "./context/read-options";
export { OPERATIONS, type Effect, type Operations } from "./operations";
export { migrate } from "./persistence/migrator";
export { Stratum } from "./stratum";
export { StratumModule } from "./stratum.module";
export type { StratumOptions } from "./stratum-options";
