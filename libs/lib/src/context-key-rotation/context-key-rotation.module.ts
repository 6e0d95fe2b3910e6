import { Module } from "@nestjs/common";
import { ContextKeysModule } from "../context-keys/context-keys.module";
import { IsolationModule } from "../isolation/isolation.module";
import { OperationsModule } from "../operations/operations.module";
import { PersistenceModule } from "../persistence/persistence.module";
import { ContextKeyRotationHandler } from "./context-key-rotation.handler";
import { ContextKeyRotationService } from "./context-key-rotation.service";
import { ContextKeyRotationStore } from "./context-key-rotation.store";
import { DatabaseWalk } from "./database-walk";
import { KeyRollout } from "./key-rollout";
import { KeySwitch } from "./key-switch";

@Module({
  imports: [PersistenceModule, OperationsModule, ContextKeysModule, IsolationModule],
  providers: [
    ContextKeyRotationHandler,
    ContextKeyRotationService,
    ContextKeyRotationStore,
    DatabaseWalk,
    KeyRollout,
    KeySwitch,
  ],
  exports: [ContextKeyRotationService],
})
export class ContextKeyRotationModule {}
