import { Module } from "@nestjs/common";
import { AuditMask } from "./audit-mask";
import { ChangeFeed } from "./change-feed";
import { ChangeFeedStore } from "./change-feed.store";
import { Clock } from "./clock";
import { Database } from "./database";
import { IdGenerator } from "./id-generator";
import { MutationLog } from "./mutation-log";
import { MutationLogStore } from "./mutation-log.store";
import { PlatformSecretsStore } from "./platform-secrets.store";

@Module({
  providers: [
    AuditMask,
    Clock,
    IdGenerator,
    ChangeFeedStore,
    ChangeFeed,
    Database,
    MutationLogStore,
    MutationLog,
    PlatformSecretsStore,
  ],
  exports: [AuditMask, Clock, IdGenerator, ChangeFeed, Database, MutationLog, PlatformSecretsStore],
})
export class PersistenceModule {}
