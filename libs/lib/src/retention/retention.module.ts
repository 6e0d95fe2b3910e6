import { Module } from "@nestjs/common";
import { AuditModule } from "../audit/audit.module";
import { PersistenceModule } from "../persistence/persistence.module";
import { TenancyModule } from "../tenancy/tenancy.module";
import { RetentionBatches } from "./retention-batches";
import { RetentionKinds } from "./retention-kind";
import { RetentionService } from "./retention.service";
import { RetentionStore } from "./retention.store";

@Module({
  imports: [PersistenceModule, TenancyModule, AuditModule],
  providers: [RetentionService, RetentionBatches, RetentionKinds, RetentionStore],
  exports: [RetentionService],
})
export class RetentionModule {}
