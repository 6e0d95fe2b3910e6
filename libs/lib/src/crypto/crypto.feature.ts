import { defineFeature } from "../feature";
import { TENANT_ROWS } from "../persistence/control-table";
import { invalid, unknownTenant } from "../persistence/constraint-errors";
import { DataKeyEntity } from "./data-key.entity";
import { PlatformSecretEntity } from "./platform-secret.entity";
import { PLATFORM_SECRET } from "./platform-secret-column";

export const CRYPTO = defineFeature({
  entities: [DataKeyEntity, PlatformSecretEntity],
  constraintErrors: {
    tenant_keys_pkey: invalid("id", "the data key exists"),
    tenant_keys_version_key: invalid("version", "the tenant has a data key of this version"),
    tenant_keys_platform_version_key: invalid(
      "version",
      "the platform has a data key of this version",
    ),
    tenant_keys_tenant_fkey: unknownTenant,
    tenant_keys_version_check: invalid("version", "expected 1 or more"),
    tenant_keys_uses_check: invalid("uses", "expected 0 to 2^32"),
    platform_secrets_pkey: invalid("name", "the secret exists"),
  },
  controlTables: [
    {
      ...TENANT_ROWS,
      table: "tenant_keys",
      part: "tenant_keys",
      key: ["version"],
      exported: ["id", "tenant_id", "version", "uses", "created_at"],
      withheld: ["wrapped", "master_key_id"],
    },
  ],
  sealedColumns: [PLATFORM_SECRET],
});
