import { defineFeature } from "../feature";
import { RetentionApi } from "./retention.api";
import { RetentionService } from "./retention.service";
import { RetentionModule } from "./retention.module";

export const RETENTION = defineFeature({
  modules: [RetentionModule],
  apis: [RetentionApi],
  services: {
    purgeExpiredData: RetentionService,
    purgeExpiredAuditLogs: RetentionService,
  },
});
