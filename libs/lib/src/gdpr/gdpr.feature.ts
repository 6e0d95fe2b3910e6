import { defineFeature } from "../feature";
import { GdprApi } from "./gdpr.api";
import { TenantExportService } from "./tenant-export.service";
import { PurgeService } from "./purge.service";
import { PurgeCertificateService } from "./purge-certificate.service";
import { invalid, unknownTenant } from "../persistence/constraint-errors";
import { ExportModule } from "./export.module";
import { PurgeModule } from "./purge.module";
import { PurgeCertificateEntity } from "./purge-certificate.entity";
import { PurgedTenantEntity } from "./purged-tenant.entity";

export const GDPR = defineFeature({
  modules: [ExportModule, PurgeModule],
  apis: [GdprApi],
  services: {
    exportTenantData: TenantExportService,
    exportTenantStream: TenantExportService,
    purgeTenant: PurgeService,
    getPurgeCertificate: PurgeCertificateService,
  },
  entities: [PurgeCertificateEntity, PurgedTenantEntity],
  constraintErrors: {
    purge_certificates_pkey: invalid("id", "the certificate exists"),
    purge_certificates_parent_fkey: unknownTenant,
    purge_certificates_actor_type_check: invalid("actor_type", "expected api_key, jwt or system"),
    purged_tenants_pkey: invalid("tenant_id", "the tenant was purged"),
    purged_tenants_certificate_fkey: invalid("certificate_id", "no certificate has the id"),
  },
  events: {
    "tenant.purging": "subtree",
    "tenant.purged": "subtree",
  },
});
