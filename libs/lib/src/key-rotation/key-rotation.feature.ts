import { defineFeature } from "../feature";
import { MasterKeyRotationService } from "./master-key-rotation.service";
import { DataKeyRotationService } from "./data-key-rotation.service";
import { KeyRotationModule } from "./key-rotation.module";

export const KEY_ROTATION = defineFeature({
  modules: [KeyRotationModule],
  services: {
    rotateEncryptionKey: MasterKeyRotationService,
    rotateDataKey: DataKeyRotationService,
  },
});
