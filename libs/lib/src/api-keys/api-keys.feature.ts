import { defineFeature } from "../feature";
import { ApiKeysApi } from "./api-keys.api";
import { ApiKeyIssueService } from "./api-key-issue.service";
import { ApiKeyReadService } from "./api-key-read.service";
import { ApiKeyRevocationService } from "./api-key-revocation.service";
import { ApiKeyRoleService } from "./api-key-role.service";
import { ApiKeyValidationService } from "./api-key-validation.service";
import { TENANT_ROWS } from "../persistence/control-table";
import { invalid, unknownTenant } from "../persistence/constraint-errors";
import { ApiKeysModule } from "./api-keys.module";
import { ApiKeyEntity } from "./api-key.entity";

export const API_KEYS = defineFeature({
  modules: [ApiKeysModule],
  apis: [ApiKeysApi],
  services: {
    createApiKey: ApiKeyIssueService,
    rotateApiKey: ApiKeyIssueService,
    getApiKey: ApiKeyReadService,
    listApiKeys: ApiKeyReadService,
    listDormantKeys: ApiKeyReadService,
    revokeApiKey: ApiKeyRevocationService,
    revokeApiKeys: ApiKeyRevocationService,
    assignRoleToKey: ApiKeyRoleService,
    removeRoleFromKey: ApiKeyRoleService,
    resolveKeyScopes: ApiKeyRoleService,
    validateApiKey: ApiKeyValidationService,
  },
  entities: [ApiKeyEntity],
  constraintErrors: {
    api_keys_pkey: invalid("id", "the API key exists"),
    api_keys_tenant_fkey: unknownTenant,
    api_keys_hash_key: invalid("key", "the API key exists"),
    api_keys_hash_check: invalid("key", "expected a hash of 32 bytes"),
    api_keys_name_check: invalid("name", "expected 1 to 255 characters"),
    api_keys_rate_limit_check: invalid("rate_limit_max", "expected 1 or more"),
  },
  controlTables: [
    {
      ...TENANT_ROWS,
      table: "api_keys",
      part: "api_keys",
      key: ["id"],
      exported: [
        ...["id", "tenant_id", "name", "key_prefix", "key_hint", "scopes", "role_id"],
        ...["rate_limit_max", "rate_limit_window", "expires_at", "last_used_at", "revoked_at"],
        ...["replaced_by", "created_at"],
      ],
      withheld: ["key_hash"],
    },
  ],
  events: {
    "api_key.created": "subtree",
    "api_key.revoked": "subtree",
    "api_key.rotated": "subtree",
  },
});
