import { Module } from "@nestjs/common";
import { CryptoModule } from "../crypto/crypto.module";
import { OperationsModule } from "../operations/operations.module";
import { PersistenceModule } from "../persistence/persistence.module";
import { TenancyModule } from "../tenancy/tenancy.module";
import { ExportRows } from "./export-rows";
import { ExportStore } from "./export.store";
import { TenantExportService } from "./tenant-export.service";

const SERVICES = [TenantExportService];

@Module({
  imports: [PersistenceModule, TenancyModule, CryptoModule, OperationsModule],
  providers: [...SERVICES, ExportRows, ExportStore],
  exports: SERVICES,
})
export class ExportModule {}
