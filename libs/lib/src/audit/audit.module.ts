import { Module } from "@nestjs/common";
import { PersistenceModule } from "../persistence/persistence.module";
import { TenancyModule } from "../tenancy/tenancy.module";
import { AuditErasureStore } from "./audit-erasure.store";
import { AuditExportService } from "./audit-export.service";
import { AuditQuery } from "./audit-query";
import { AuditService } from "./audit.service";
import { AuditStore } from "./audit.store";

@Module({
  imports: [PersistenceModule, TenancyModule],
  providers: [AuditService, AuditExportService, AuditErasureStore, AuditQuery, AuditStore],
  exports: [AuditService, AuditExportService, AuditErasureStore],
})
export class AuditModule {}
