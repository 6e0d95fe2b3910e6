import { Module } from "@nestjs/common";
import { CryptoModule } from "../crypto/crypto.module";
import { RefusalsModule } from "../audit/refusals.module";
import { PersistenceModule } from "../persistence/persistence.module";
import { RolesModule } from "../roles/roles.module";
import { TenancyModule } from "../tenancy/tenancy.module";
import { ApiKeyIssueService } from "./api-key-issue.service";
import { ApiKeyListStore } from "./api-key-list.store";
import { ApiKeyReadService } from "./api-key-read.service";
import { ApiKeyRevocationService } from "./api-key-revocation.service";
import { ApiKeyRoleService } from "./api-key-role.service";
import { ApiKeyValidationService } from "./api-key-validation.service";
import { ApiKeyCache } from "./api-key.cache";
import { ApiKeyStore } from "./api-key.store";
import { FirstKeyService } from "./first-key.service";
import { KeyHash } from "./key-hash";
import { KeyUseRecorder } from "./key-use-recorder";

const SERVICES = [
  ApiKeyIssueService,
  ApiKeyReadService,
  ApiKeyRevocationService,
  ApiKeyRoleService,
  ApiKeyValidationService,
  FirstKeyService,
];

@Module({
  imports: [RefusalsModule, PersistenceModule, CryptoModule, TenancyModule, RolesModule],
  providers: [...SERVICES, ApiKeyCache, ApiKeyListStore, ApiKeyStore, KeyHash, KeyUseRecorder],
  exports: SERVICES,
})
export class ApiKeysModule {}
