import { Module } from "@nestjs/common";
import { ChangeFeed } from "./change-feed";
import { ChangeFeedStore } from "./change-feed.store";
import { Clock } from "./clock";
import { Database } from "./database";
import { IdGenerator } from "./id-generator";
import { MutationLog } from "./mutation-log";
import { MutationLogStore } from "./mutation-log.store";

@Module({
  providers: [
    Clock,
    IdGenerator,
    ChangeFeedStore,
    ChangeFeed,
    Database,
    MutationLogStore,
    MutationLog,
  ],
  exports: [Clock, IdGenerator, ChangeFeed, Database, MutationLog],
})
export class PersistenceModule {}
