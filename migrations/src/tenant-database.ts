import type { MigrationInterface } from "typeorm";
import { TenantDatabase1764028799000 } from "./1764028799000-tenant-database";
import { TenantRole1764028800003 } from "./1764028800003-tenant-role";
import { SignedContext1764374400000 } from "./1764374400000-signed-context";
import { ContextReach1764374400300 } from "./1764374400300-context-reach";
import { PREREQUISITES, type Prerequisite } from "./prerequisites";

/** What a kind of database is brought up to, and what that needs from its server. */
export interface MigrationSet {
  /** Oldest first. */
  readonly migrations: readonly (new () => MigrationInterface & { readonly name: string })[];
  readonly prerequisites: readonly Prerequisite[];
}

const MIGRATIONS = [
  TenantDatabase1764028799000,
  TenantRole1764028800003,
  SignedContext1764374400000,
  ContextReach1764374400300,
] as const;

/** The roles that act in it. It has neither trees nor an audit log, and needs no extension. */
const ROLES = ["stratum_tenant", "stratum_maintenance", "stratum_context"];

function isNeeded(prerequisite: Prerequisite): boolean {
  switch (prerequisite.what) {
    case "schema":
      return true;
    case "extension":
      return false;
    case "role":
    case "membership":
      return ROLES.includes(prerequisite.role);
  }
}

/**
 * What a tenant's own database has in schema `stratum`: the same walls as the shared one, by the same
 * migrations, and no control data. A migration that changes the verifier belongs into both lists.
 */
export const TENANT_DATABASE: MigrationSet = {
  migrations: MIGRATIONS,
  prerequisites: PREREQUISITES.filter(isNeeded).map((each) =>
    each.what === "membership" && each.role === "stratum_maintenance"
      ? { ...each, neededBy: "TenantDatabase1764028799000" }
      : each,
  ),
};
