import { defineFeature } from "../feature";
import { IsolationApi } from "./isolation.api";
import { TenantPoolService } from "./tenant-pool.service";
import { ReferenceTablesService } from "./reference-tables.service";
import { TenantWalkService } from "./tenant-walk.service";
import { ProvisioningService } from "../tenant-databases/provisioning.service";
import { IsolationProofService } from "./isolation-proof.service";
import { IsolationModule } from "./isolation.module";

export const ISOLATION = defineFeature({
  modules: [IsolationModule],
  apis: [IsolationApi],
  services: {
    tenantPool: TenantPoolService,
    refreshReferenceTables: ReferenceTablesService,
    forEachTenant: TenantWalkService,
    provisionTenant: ProvisioningService,
    proveIsolation: IsolationProofService,
  },
});
