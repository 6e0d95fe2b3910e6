import { UnauthorizedError, type ValidatedApiKey } from "@stratum-hq/core";
import { proceed, type Awaitable } from "./awaitable";
import type { ApiKeyValidator, Credential, CredentialResolver } from "./tenant-resolver";
import { bearerOf, headerOf, type TenantRequest } from "./tenant-request";

/** The window of a key's limit that names none. */
const WINDOW_MS = 60_000;

/** The API key of a request: of a header of its own, or as a bearer token that is no JWT. */
export class ApiKeyResolver implements CredentialResolver {
  readonly kind = "credential";
  readonly #header: string;
  readonly #credentials = new WeakMap<ValidatedApiKey, Credential>();

  /** @param options.header default `X-API-Key` */
  constructor({ header = "x-api-key" }: { readonly header?: string } = {}) {
    this.#header = header;
  }

  /** @throws UnauthorizedError, and what `Stratum.validateApiKey` throws */
  authenticate(request: TenantRequest, keys: ApiKeyValidator): Awaitable<Credential | null> {
    const key = headerOf(request, this.#header) ?? bearerOf(request);
    // A JWT has dots, which no key has.
    if (key === null || key.includes(".")) return null;
    return proceed(keys.validateApiKey(key), (validated) => this.credentialOf(validated));
  }

  private credentialOf(validated: ValidatedApiKey | null): Credential {
    if (validated === null) {
      throw new UnauthorizedError("The API key is not valid. Send another one.");
    }
    let credential = this.#credentials.get(validated);
    if (credential === undefined) {
      const { key_id, tenant_id, scopes, rate_limit_max, rate_limit_window } = validated;
      const actor = { actor_id: key_id, actor_type: "api_key", tenant_id, scopes } as const;
      credential =
        rate_limit_max === null
          ? { actor }
          : {
              actor,
              rate_limit: { limit: rate_limit_max, window_ms: rate_limit_window ?? WINDOW_MS },
            };
      this.#credentials.set(validated, credential);
    }
    return credential;
  }
}
