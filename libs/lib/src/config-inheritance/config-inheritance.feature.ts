import { defineFeature } from "../feature";
import { ConfigApi } from "./config-inheritance.api";
import { ConfigReadService } from "./config-read.service";
import { ConfigWriteService } from "./config-write.service";
import { TENANT_ROWS, TIMES } from "../persistence/control-table";
import { invalid, unknownTenant } from "../persistence/constraint-errors";
import { ConfigInheritanceModule } from "./config-inheritance.module";
import { ConfigEntryEntity } from "./config-entry.entity";
import { CONFIG_VALUE } from "./config-value-column";

export const CONFIG_INHERITANCE = defineFeature({
  modules: [ConfigInheritanceModule],
  apis: [ConfigApi],
  services: {
    resolveConfig: ConfigReadService,
    getConfigWithInheritance: ConfigReadService,
    diffConfig: ConfigReadService,
    computeDrift: ConfigReadService,
    batchComputeDrift: ConfigReadService,
    setConfig: ConfigWriteService,
    deleteConfig: ConfigWriteService,
    batchSetConfig: ConfigWriteService,
  },
  entities: [ConfigEntryEntity],
  constraintErrors: {
    config_entries_pkey: invalid("key", "the key is set twice"),
    config_entries_tenant_fkey: unknownTenant,
    config_entries_key_check: invalid("key", "expected letters, digits and . _ : - only"),
    config_entries_sealed_check: invalid("value", "a sensitive value must be encrypted"),
  },
  controlTables: [
    {
      ...TENANT_ROWS,
      table: "config_entries",
      part: "config_entries",
      key: ["key"],
      exported: ["tenant_id", "key", "value", "locked", "sensitive", "version", ...TIMES],
      withheld: [],
      sealed: { column: "value", flag: "sensitive", row: "key" },
    },
  ],
  sealedColumns: [CONFIG_VALUE],
  events: {
    "config.updated": "subtree",
    "config.deleted": "subtree",
  },
});
