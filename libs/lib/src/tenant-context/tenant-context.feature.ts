import { defineFeature } from "../feature";
import { TenantContextModule } from "./tenant-context.module";

export const TENANT_CONTEXT = defineFeature({
  modules: [TenantContextModule],
});
