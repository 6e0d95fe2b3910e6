import { defineFeature } from "../feature";
import { RetentionModule } from "./retention.module";

export const RETENTION = defineFeature({
  modules: [RetentionModule],
});
