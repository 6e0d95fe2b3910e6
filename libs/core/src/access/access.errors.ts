import { StratumError } from "../errors/stratum-error";

/** No credential, or one that is not valid. */
export class UnauthorizedError extends StratumError {
  constructor(
    message = "Nobody is authenticated. Run this on behalf of an actor: runAs(actor, work).",
    cause?: unknown,
  ) {
    super("UNAUTHORIZED", message, {}, cause);
  }
}

/** Details: `{ url }`: where the keys are that tokens are verified with. */
export class IdentityProviderUnavailableError extends StratumError {
  constructor(url: string, cause: unknown) {
    super(
      "IDENTITY_PROVIDER_UNAVAILABLE",
      `The keys at ${url} cannot be read, so that no token can be verified. Check the URL, and try again.`,
      { url },
      cause,
    );
  }
}

/** Details: `{ missing }`: the scopes that the caller wants to grant and does not hold. */
export class ScopeEscalationError extends StratumError {
  constructor(missing: readonly string[]) {
    super(
      "SCOPE_ESCALATION",
      `Nobody grants scopes that they do not hold, nor the platform's to a tenant. Leave out ${missing.join(", ")}.`,
      { missing },
    );
  }
}

/** Details: `{ key_id }`. */
export class ApiKeyNotFoundError extends StratumError {
  constructor(keyId: string) {
    super("API_KEY_NOT_FOUND", `No API key with id ${keyId}. Check the id.`, { key_id: keyId });
  }
}

/** Details: `{ key_id, state: "revoked" | "expired" | "rotated" }`. */
export class ApiKeyNotActiveError extends StratumError {
  constructor(keyId: string, state: "revoked" | "expired" | "rotated") {
    super("API_KEY_NOT_ACTIVE", `API key ${keyId} is ${state}. Create a new one.`, {
      key_id: keyId,
      state,
    });
  }
}

/** Details: `{ role_id }`. */
export class RoleNotFoundError extends StratumError {
  constructor(roleId: string) {
    super(
      "ROLE_NOT_FOUND",
      `No role with id ${roleId} can be used here. A role serves its tenant and those below; a global one all.`,
      { role_id: roleId },
    );
  }
}

/** Details: `{ name, tenant_id }`; both null where only the database saw it. */
export class RoleAlreadyExistsError extends StratumError {
  constructor(name: string | null, tenantId: string | null) {
    super(
      "ROLE_ALREADY_EXISTS",
      "The tenant (or, for global roles, the platform) has a role of this name. Choose another name.",
      { name, tenant_id: tenantId },
    );
  }
}

/** Details: `{ role_id, api_keys, principals }`: how many have it. */
export class RoleInUseError extends StratumError {
  constructor(roleId: string, apiKeys: number, principals: number) {
    super(
      "ROLE_IN_USE",
      `Role ${roleId} is assigned to ${apiKeys} API keys and ${principals} principals. Take it from them first, or take its scopes away.`,
      { role_id: roleId, api_keys: apiKeys, principals },
    );
  }
}
