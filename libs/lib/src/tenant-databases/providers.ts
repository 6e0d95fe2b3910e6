import type { Provider } from "@nestjs/common";
import { DatabaseKeys } from "./database-keys";
import { DatabaseMaker } from "./database-maker";
import { DatabasePlacements } from "./database-placements";
import { DatabaseStorage } from "./database-storage";
import { DatabaseVerification } from "./database-verification";
import { ProvisionHandler } from "./provision.handler";
import { ProvisioningService } from "./provisioning.service";
import { ProvisioningStore } from "./provisioning.store";
import { TenantActivation } from "./tenant-activation";
import { TenantDatabaseStore } from "./tenant-database.store";
import { TenantDatabases } from "./tenant-databases";
import { TenantProvisioning } from "./tenant-provisioning";
import { TenantServers } from "./tenant-servers";

/** What isolation has for databases of tenants' own. */
export const TENANT_DATABASES: Provider[] = [
  DatabaseKeys,
  DatabaseMaker,
  DatabasePlacements,
  DatabaseStorage,
  DatabaseVerification,
  ProvisionHandler,
  ProvisioningService,
  ProvisioningStore,
  TenantActivation,
  TenantDatabaseStore,
  TenantDatabases,
  TenantProvisioning,
  TenantServers,
];
