import { defineFeature } from "../feature";
import { IsolationModule } from "./isolation.module";

export const ISOLATION = defineFeature({
  modules: [IsolationModule],
});
