import { ABAC_MUTANTS } from "./abac.mjs";
import { ACCESS_MUTANTS } from "./access.mjs";
import { AUDIT_MUTANTS } from "./audit.mjs";
import { CONFIG_MUTANTS } from "./config.mjs";
import { PURGE_MUTANTS } from "./gdpr-purge.mjs";
import { OPERATION_MUTANTS } from "./operations.mjs";
import { CONTEXT_KEY_MUTANTS } from "./context-key-rotation.mjs";
import { CRYPTO_MUTANTS } from "./crypto.mjs";
import { GDPR_MUTANTS } from "./gdpr.mjs";
import { REACH_MUTANTS } from "./isolation-reach.mjs";
import { ISOLATION_MUTANTS } from "./isolation.mjs";
import { ISOLATION_DATABASES_MUTANTS } from "./isolation-databases.mjs";
import { SCHEMA_MUTANTS } from "./isolation-schemas.mjs";
import { STANDING_MUTANTS } from "./isolation-standing.mjs";
import { TRAP_MUTANTS } from "./isolation-traps.mjs";
import { NEST_HTTP_MUTANTS } from "./nest-http.mjs";
import { TYPEORM_MUTANTS } from "./isolation-typeorm.mjs";
import { PROOF_MUTANTS } from "./isolation-proof.mjs";
import { PERMISSION_MUTANTS } from "./permissions.mjs";
import { PERSISTENCE_MUTANTS } from "./persistence.mjs";
import { REGION_MUTANTS } from "./regions.mjs";
import { TENANCY_MUTANTS } from "./tenancy.mjs";
import { USAGE_MUTANTS } from "./usage.mjs";

/**
 * Each mutant removes one guard; `test`, a file and part of a title, is what must then fail. `find`
 * occurs exactly once in `file`, and so does the first of `also`, which is replaced by the second.
 */
export const MUTANTS = [
  ...TENANCY_MUTANTS,
  ...CONFIG_MUTANTS,
  ...CRYPTO_MUTANTS,
  ...CONTEXT_KEY_MUTANTS,
  ...PERMISSION_MUTANTS,
  ...ABAC_MUTANTS,
  ...ACCESS_MUTANTS,
  ...USAGE_MUTANTS,
  ...OPERATION_MUTANTS,
  ...PURGE_MUTANTS,
  ...AUDIT_MUTANTS,
  ...GDPR_MUTANTS,
  ...ISOLATION_MUTANTS,
  ...ISOLATION_DATABASES_MUTANTS,
  ...SCHEMA_MUTANTS,
  ...STANDING_MUTANTS,
  ...TRAP_MUTANTS,
  ...NEST_HTTP_MUTANTS,
  ...TYPEORM_MUTANTS,
  ...REACH_MUTANTS,
  ...PROOF_MUTANTS,
  ...REGION_MUTANTS,
  ...PERSISTENCE_MUTANTS,
];
