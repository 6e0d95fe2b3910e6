import { Module } from "@nestjs/common";
import { AuditModule } from "../audit/audit.module";
import { CryptoModule } from "../crypto/crypto.module";
import { OperationsModule } from "../operations/operations.module";
import { PersistenceModule } from "../persistence/persistence.module";
import { TenancyModule } from "../tenancy/tenancy.module";
import { PurgeCertificateService } from "./purge-certificate.service";
import { PurgeCertificateStore } from "./purge-certificate.store";
import { PurgeHandler } from "./purge.handler";
import { PurgeService } from "./purge.service";
import { PurgeStore } from "./purge.store";
import { TenantEraser } from "./tenant-eraser";

const SERVICES = [PurgeService, PurgeCertificateService];

@Module({
  imports: [PersistenceModule, TenancyModule, AuditModule, CryptoModule, OperationsModule],
  providers: [...SERVICES, PurgeCertificateStore, PurgeHandler, PurgeStore, TenantEraser],
  exports: SERVICES,
})
export class PurgeModule {}
