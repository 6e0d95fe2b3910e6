import { Module } from "@nestjs/common";
import { DryRunService } from "./dry-run.service";

@Module({ providers: [DryRunService], exports: [DryRunService] })
export class DryRunModule {}
