import { defineFeature } from "../feature";
import { KeyRotationApi } from "./key-rotation.api";
import { MasterKeyRotationService } from "./master-key-rotation.service";
import { DataKeyRotationService } from "./data-key-rotation.service";
import { KeyRotationModule } from "./key-rotation.module";

export const KEY_ROTATION = defineFeature({
  modules: [KeyRotationModule],
  apis: [KeyRotationApi],
  services: {
    rotateEncryptionKey: MasterKeyRotationService,
    rotateDataKey: DataKeyRotationService,
  },
});
