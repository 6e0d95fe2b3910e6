import { Module } from "@nestjs/common";
import { PersistenceModule } from "../persistence/persistence.module";
import { TenancyModule } from "../tenancy/tenancy.module";
import { AuditExportService } from "./audit-export.service";
import { AuditQuery } from "./audit-query";
import { AuditService } from "./audit.service";
import { AuditStore } from "./audit.store";

@Module({
  imports: [PersistenceModule, TenancyModule],
  providers: [AuditService, AuditExportService, AuditQuery, AuditStore],
  exports: [AuditService, AuditExportService],
})
export class AuditModule {}
