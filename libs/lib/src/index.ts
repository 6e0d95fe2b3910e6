export * from "./features";
export { FirstKeyService } from "./api-keys/first-key.service";
export { currentActor, runAs, type Actor } from "./context/caller";
export { RequireScope } from "./guards/require-scope.decorator";
export type { TenantContext } from "./context/tenant-context";
export {
  enableRls,
  proveIsolation,
  runScopedJob,
  TenantClient,
  TenantPool,
  withTenantContext,
  type EnabledRls,
  type EnableRlsOptions,
  type Place,
  type TenantTableDeclaration,
  type TenantQuery,
  type TransactionOptions,
} from "@stratum-hq/db-adapters";
export { FileKeyProvider } from "./crypto/file-key-provider";
export type { KeyContext, KeyProvider, WrappedKey } from "./crypto/key-provider";
export { MasterKeyring } from "./crypto/master-keyring";
export { ActorGuard } from "./http/actor.guard";
export { ApiKeyResolver } from "./http/api-key.resolver";
export { CurrentActor } from "./http/current-actor.decorator";
export { CurrentTenant } from "./http/current-tenant.decorator";
export { HeaderResolver } from "./http/header.resolver";
export type { Authorize, HttpOptions, SelectedTenant } from "./http/http-options";
export { JwtResolver, type JwtOptions } from "./http/jwt.resolver";
export { PathResolver } from "./http/path.resolver";
export { problemHeaders, problemOf, type Problem, type ProblemContext } from "./http/problem";
export { Public } from "./http/public.decorator";
export { RequestLimits, type RequestLimit, type RequestSender } from "./http/request-limits";
export { StratumExceptionFilter } from "./http/stratum-exception.filter";
export { SubdomainResolver, type SubdomainOptions } from "./http/subdomain.resolver";
export { TenantConfig } from "./http/tenant-config.decorator";
export { TenantGuard } from "./http/tenant.guard";
export type { RequestRoute, TenantRequest } from "./http/tenant-request";
export type {
  ApiKeyValidator,
  Credential,
  CredentialLimit,
  CredentialResolver,
  TenantResolver,
  TenantSelector,
} from "./http/tenant-resolver";
export type { TenantKey } from "./tenancy/tenant-key";
export type { TenantWalk } from "./isolation/tenant-walk.service";
export { LOCAL_API, type LocalApi, type LocalMethod } from "./api/local-api";
// Programs go on importing it until it is gone.
// eslint-disable-next-line @typescript-eslint/no-deprecated
export type { Operations } from "./api/operations";
export { migrate } from "./persistence/migrator";
export { Readiness, type ReadinessReport, type Requirement } from "./persistence/readiness";
export { RequirePermission } from "./guards/require-permission.decorator";
export { Stratum } from "./stratum";
export { StratumModule } from "./stratum.module";
export type { StratumOptions } from "./stratum-options";
export {
  getTenantRepositoryToken,
  InjectTenantEntityManager,
  InjectTenantRepository,
  TENANT_ENTITY_MANAGER,
} from "./tenant-orm/inject-tenant-repository.decorator";
export type { TenantFeatureOptions } from "./tenant-orm/tenant-feature.module";
export { TenantTransactionalAdapter } from "./tenant-orm/tenant-transactional-adapter";
export { TenantIdColumn } from "@stratum-hq/db-adapters/typeorm";
