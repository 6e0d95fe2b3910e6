import { AbacPolicies1764115200001 } from "./1764115200001-abac-policies";
import { AppendOnlyAudit1764288000100 } from "./1764288000100-append-only-audit";
import { AuditAndEvents1764028800002 } from "./1764028800002-audit-and-events";
import { Consent1764288000200 } from "./1764288000200-consent";
import { ConfigEntries1764028800001 } from "./1764028800001-config-entries";
import { ContextReach1764374400300 } from "./1764374400300-context-reach";
import { Encryption1764288000400 } from "./1764288000400-encryption";
import { Operations1764288000000 } from "./1764288000000-operations";
import { Permissions1764115200000 } from "./1764115200000-permissions";
import { Purge1764288000500 } from "./1764288000500-purge";
import { Regions1764288000300 } from "./1764288000300-regions";
import { ReplacedContextKeys1764374400400 } from "./1764374400400-replaced-context-keys";
import { RolesAndKeys1764201600000 } from "./1764201600000-roles-and-keys";
import { SignedContext1764374400000 } from "./1764374400000-signed-context";
import { SubtreeReads1764374400310 } from "./1764374400310-subtree-reads";
import { TenantRole1764028800003 } from "./1764028800003-tenant-role";
import { TenantTree1764028800000 } from "./1764028800000-tenant-tree";
import { UsageEvents1764115200002 } from "./1764115200002-usage-events";
import { PREREQUISITES } from "./prerequisites";
import type { MigrationSet } from "./tenant-database";

/** Every migration, oldest first. Released ones never change. */
export const MIGRATIONS = [
  TenantTree1764028800000,
  ConfigEntries1764028800001,
  AuditAndEvents1764028800002,
  TenantRole1764028800003,
  Permissions1764115200000,
  AbacPolicies1764115200001,
  UsageEvents1764115200002,
  RolesAndKeys1764201600000,
  Operations1764288000000,
  AppendOnlyAudit1764288000100,
  Consent1764288000200,
  Regions1764288000300,
  Encryption1764288000400,
  Purge1764288000500,
  SignedContext1764374400000,
  ContextReach1764374400300,
  SubtreeReads1764374400310,
  ReplacedContextKeys1764374400400,
] as const;

/** What the database of the control data is brought up to. */
export const CONTROL_DATABASE: MigrationSet = {
  migrations: MIGRATIONS,
  prerequisites: PREREQUISITES,
};

/** The names of {@link MIGRATIONS}, as the migrations table records them. */
export const MIGRATION_NAMES: readonly string[] = MIGRATIONS.map((migration) => migration.name);

export { MIGRATIONS_TABLE, STRATUM_SCHEMA } from "./names";
export { LOGIN_PLACEHOLDER, PREREQUISITES, type Prerequisite } from "./prerequisites";
export { TENANT_DATABASE, type MigrationSet } from "./tenant-database";
