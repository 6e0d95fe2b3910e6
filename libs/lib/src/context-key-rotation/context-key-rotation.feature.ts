import { defineFeature } from "../feature";
import { ContextKeyRotationModule } from "./context-key-rotation.module";

export const CONTEXT_KEY_ROTATION = defineFeature({
  modules: [ContextKeyRotationModule],
  events: {
    "context_key.rotated": "subtree",
  },
});
