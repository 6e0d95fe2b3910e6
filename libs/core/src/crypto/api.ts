import type { AuditContext } from "../audit/audit.schemas";
import type { DataKeyRotationResult, MasterKeyRotationResult } from "./key-rotation.schemas";
import { field, type ApiMethod } from "../api/api-method";

/** Rotation of the keys that values are encrypted with. */
export interface KeyRotationApi {
  /**
   * Wraps every data key under the key provider's current master key. What the data keys encrypt is not
   * touched, so that the work grows with tenants and not with values, and everything stays readable
   * throughout. First give every process both keys, the new one as the current: STRATUM_MASTER_KEY and
   * STRATUM_MASTER_KEY_PREVIOUS, or two lines of the key file. When it has resolved, nothing needs the old one.
   *
   * An operation: it goes on in another process when this one dies.
   *
   * @param oldKey text or id of the master key to leave; left out, every one but the current
   * @param newKey text or id of the current one, to be sure that it is
   * @throws ForbiddenError, ValidationError where `newKey` is not the provider's current one,
   *   MasterKeyUnavailableError where data keys remain that the provider cannot unwrap
   */
  rotateEncryptionKey(
    oldKey?: string,
    newKey?: string,
    audit?: AuditContext,
  ): Promise<MasterKeyRotationResult>;

  /**
   * Makes a new data key, encrypts every value of its owner with it, and destroys the versions before. The
   * values stay readable throughout. An operation: it goes on in another process when this one dies.
   *
   * @param tenantId null for the platform's key
   * @throws TenantNotFoundError, ForbiddenError, MasterKeyUnavailableError
   */
  rotateDataKey(tenantId: string | null, audit?: AuditContext): Promise<DataKeyRotationResult>;
}

/** How each method of {@link KeyRotationApi} travels, and what it asks of its caller. */
export const KEY_ROTATION_API = {
  rotateEncryptionKey: {
    effect: "mutator",
    http: "POST /maintenance/rotate-encryption-key",
    status: 200,
    args: [field("old_key"), field("new_key")],
    scope: "platform:admin",
    long: true,
  },
  rotateDataKey: {
    effect: "mutator",
    http: "POST /maintenance/rotate-data-key",
    status: 200,
    args: [field("tenant_id")],
    scope: "config:write",
    escalations: [{ when: ([tenantId]) => tenantId == null, scope: "platform:admin" }],
    long: true,
  },
} as const satisfies Record<keyof KeyRotationApi, ApiMethod>;
