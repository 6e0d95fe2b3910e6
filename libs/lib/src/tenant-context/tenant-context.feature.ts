import { defineFeature } from "../feature";
import { TenantContextApi } from "./tenant-context.api";
import { TenantContextService } from "./tenant-context.service";
import { TenantContextModule } from "./tenant-context.module";

export const TENANT_CONTEXT = defineFeature({
  modules: [TenantContextModule],
  apis: [TenantContextApi],
  services: {
    getTenantContext: TenantContextService,
  },
});
