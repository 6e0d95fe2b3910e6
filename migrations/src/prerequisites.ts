import { STRATUM_SCHEMA } from "./names";

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
