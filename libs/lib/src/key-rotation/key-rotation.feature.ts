import { defineFeature } from "../feature";
import { KeyRotationModule } from "./key-rotation.module";

export const KEY_ROTATION = defineFeature({
  modules: [KeyRotationModule],
});
