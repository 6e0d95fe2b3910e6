import { defineFeature } from "../feature";
import { RetentionService } from "./retention.service";
import { RetentionModule } from "./retention.module";

export const RETENTION = defineFeature({
  modules: [RetentionModule],
  services: {
    purgeExpiredData: RetentionService,
    purgeExpiredAuditLogs: RetentionService,
  },
});
