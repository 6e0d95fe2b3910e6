import { Module } from "@nestjs/common";
import { PersistenceModule } from "../persistence/persistence.module";
import { TenancyModule } from "../tenancy/tenancy.module";
import { AuditQuery } from "./audit-query";
import { AuditService } from "./audit.service";
import { AuditStore } from "./audit.store";

@Module({
  imports: [PersistenceModule, TenancyModule],
  providers: [AuditService, AuditQuery, AuditStore],
  exports: [AuditService],
})
export class AuditModule {}
