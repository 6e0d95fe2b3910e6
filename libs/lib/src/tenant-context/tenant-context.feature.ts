import { defineFeature } from "../feature";
import { TenantContextService } from "./tenant-context.service";
import { TenantContextModule } from "./tenant-context.module";

export const TENANT_CONTEXT = defineFeature({
  modules: [TenantContextModule],
  services: {
    getTenantContext: TenantContextService,
  },
});
