import { Module } from "@nestjs/common";
import { ContextKeysModule } from "../context-keys/context-keys.module";
import { IsolationModule } from "../isolation/isolation.module";
import { OperationsModule } from "../operations/operations.module";
import { PersistenceModule } from "../persistence/persistence.module";
import { TenancyModule } from "../tenancy/tenancy.module";
import { ContextKeyRotationHandler } from "./context-key-rotation.handler";
import { ContextKeyRotationService } from "./context-key-rotation.service";
import { ContextKeyRotationStore } from "./context-key-rotation.store";
import { DatabaseWalk } from "./database-walk";
import { KeyRollout } from "./key-rollout";

@Module({
  imports: [PersistenceModule, TenancyModule, OperationsModule, ContextKeysModule, IsolationModule],
  providers: [
    ContextKeyRotationHandler,
    ContextKeyRotationService,
    ContextKeyRotationStore,
    DatabaseWalk,
    KeyRollout,
  ],
  exports: [ContextKeyRotationService],
})
export class ContextKeyRotationModule {}
