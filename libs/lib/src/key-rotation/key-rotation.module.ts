import { Module } from "@nestjs/common";
import { CryptoModule } from "../crypto/crypto.module";
import { OperationsModule } from "../operations/operations.module";
import { PersistenceModule } from "../persistence/persistence.module";
import { TenancyModule } from "../tenancy/tenancy.module";
import { DataKeyRotationHandler } from "./data-key-rotation.handler";
import { DataKeyRotationService } from "./data-key-rotation.service";
import { MasterKeyRotationHandler } from "./master-key-rotation.handler";
import { MasterKeyRotationService } from "./master-key-rotation.service";
import { SealedValueStore } from "./sealed-value.store";

const SERVICES = [MasterKeyRotationService, DataKeyRotationService];

@Module({
  imports: [PersistenceModule, CryptoModule, TenancyModule, OperationsModule],
  providers: [...SERVICES, MasterKeyRotationHandler, DataKeyRotationHandler, SealedValueStore],
  exports: SERVICES,
})
export class KeyRotationModule {}
