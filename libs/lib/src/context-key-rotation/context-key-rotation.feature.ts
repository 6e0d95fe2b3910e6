import { defineFeature } from "../feature";
import { ContextKeyRotationService } from "./context-key-rotation.service";
import { ContextKeyRotationModule } from "./context-key-rotation.module";

export const CONTEXT_KEY_ROTATION = defineFeature({
  modules: [ContextKeyRotationModule],
  services: {
    rotateContextKey: ContextKeyRotationService,
  },
  events: {
    "context_key.rotated": "subtree",
  },
});
