/** Configuration. */
export * from "./limits";
export * from "./config.errors";
export {
  batchConfigEntrySchema,
  batchSetConfigSchema,
  configEntrySchema,
  configKeySchema,
  setConfigSchema,
  type BatchConfigEntryInput,
  type BatchConfigResult,
  type BatchSetConfigResult,
  type ConfigEntry,
  type SetConfigInput,
} from "./config.schemas";
export {
  foldConfig,
  foldConfigWithChain,
  type ConfigValueError,
  type ConfigChainLink,
  type ConfigInheritance,
  type ConfigLevel,
  type ConfigLevelEntry,
  type ResolvedConfig,
  type ResolvedConfigEntry,
} from "./fold";
export { diffResolved, type ConfigDiff, type ConfigDiffItem, type ConfigDiffSide } from "./diff";
export {
  computeDrift,
  DRIFT_STATUSES,
  summarizeDrift,
  type BatchDriftResult,
  type DriftDetail,
  type DriftResult,
  type DriftStatus,
  type OwnValues,
} from "./drift";
export {
  isReservedKey,
  ALLOWED_ISOLATION_KEY,
  MAX_DESCENDANTS_KEY,
  RESERVED_KEYS,
  RESERVED_PREFIX,
  RATE_LIMIT_KEY,
  reservedKeyProblem,
} from "./reserved-keys";
export { CONFIG_API, type ConfigApi } from "./api";
