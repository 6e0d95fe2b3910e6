import { Module } from "@nestjs/common";
import { AuditMask } from "./audit-mask";
import { ChangeFeed } from "./change-feed";
import { ChangeFeedStore } from "./change-feed.store";
import { Clock } from "./clock";
import { Database } from "./database";
import { IdGenerator } from "./id-generator";
import { MaintenanceRole } from "./maintenance-role";
import { MutationLog } from "./mutation-log";
import { MutationLogStore } from "./mutation-log.store";

@Module({
  providers: [
    AuditMask,
    Clock,
    IdGenerator,
    ChangeFeedStore,
    ChangeFeed,
    Database,
    MaintenanceRole,
    MutationLogStore,
    MutationLog,
  ],
  exports: [AuditMask, Clock, IdGenerator, ChangeFeed, Database, MaintenanceRole, MutationLog],
})
export class PersistenceModule {}
