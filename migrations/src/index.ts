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
import { RolesAndKeys1764201600000 } from "./1764201600000-roles-and-keys";
import { SignedContext1764374400000 } from "./1764374400000-signed-context";
import { SubtreeReads1764374400310 } from "./1764374400310-subtree-reads";
import { TenantRole1764028800003 } from "./1764028800003-tenant-role";
import { TenantTree1764028800000 } from "./1764028800000-tenant-tree";
import { UsageEvents1764115200002 } from "./1764115200002-usage-events";

/** The schema that holds all control data. */
export const STRATUM_SCHEMA = "stratum";

/** The table, in that schema, that lists the migrations applied. */
export const MIGRATIONS_TABLE = "schema_migrations";

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
] as const;

/** The names of {@link MIGRATIONS}, as the migrations table records them. */
export const MIGRATION_NAMES: readonly string[] = MIGRATIONS.map((migration) => migration.name);

/** What stands in a prerequisite's statement for the name of the migrating login, quoted. */
export const LOGIN_PLACEHOLDER = "{login}";

/** A statement that a privileged login runs once where the migrating login may not. */
export type Prerequisite =
  | { readonly what: "schema" | "extension"; readonly statement: string }
  | { readonly what: "role"; readonly role: string; readonly statement: string }
  | {
      readonly what: "membership";
      readonly role: string;
      /** What the login has to be able to do with the role: act as it, or hand it on. */
      readonly may: "set" | "admin";
      /** The migration that needs it; once that is applied, nobody does. */
      readonly neededBy: string;
      readonly statement: string;
    };

function role(name: string): Prerequisite {
  const statement = `create role ${name} nologin nosuperuser nobypassrls`;
  return { what: "role", role: name, statement };
}

/** What migrating needs from the server, with the statement that provides it. */
export const PREREQUISITES: readonly Prerequisite[] = [
  { what: "schema", statement: `create schema if not exists ${STRATUM_SCHEMA}` },
  { what: "extension", statement: "create extension if not exists ltree with schema public" },
  role("stratum_tenant"),
  role("stratum_maintenance"),
  role("stratum_audit"),
  role("stratum_context"),
  role("stratum_subtree"),
  {
    what: "membership",
    role: "stratum_maintenance",
    may: "set",
    neededBy: "AppendOnlyAudit1764288000100",
    statement: `grant stratum_maintenance to ${LOGIN_PLACEHOLDER} with inherit false, set true`,
  },
  {
    what: "membership",
    role: "stratum_audit",
    may: "admin",
    neededBy: "AppendOnlyAudit1764288000100",
    statement: `grant stratum_audit to ${LOGIN_PLACEHOLDER} with admin true, inherit false, set false`,
  },
  {
    what: "membership",
    role: "stratum_context",
    may: "admin",
    neededBy: "SignedContext1764374400000",
    statement: `grant stratum_context to ${LOGIN_PLACEHOLDER} with admin true, inherit false, set false`,
  },
  {
    what: "membership",
    role: "stratum_context",
    may: "admin",
    neededBy: "ContextReach1764374400300",
    statement: `grant stratum_context to ${LOGIN_PLACEHOLDER} with admin true, inherit false, set false`,
  },
  {
    what: "membership",
    role: "stratum_subtree",
    may: "admin",
    neededBy: "SubtreeReads1764374400310",
    statement: `grant stratum_subtree to ${LOGIN_PLACEHOLDER} with admin true, inherit false, set false`,
  },
];
