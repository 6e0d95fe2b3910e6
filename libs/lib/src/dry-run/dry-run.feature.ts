import { defineFeature } from "../feature";
import { DryRunModule } from "./dry-run.module";
import { DryRunService } from "./dry-run.service";

export const DRY_RUN = defineFeature({
  modules: [DryRunModule],
  services: { dryRun: DryRunService },
});
